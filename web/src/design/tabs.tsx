import { Tabs as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

type Tab = { readonly value: string; readonly label: string; readonly count?: number; readonly content: ReactNode }

type TabsProps = {
  readonly label: string
  readonly tabs: readonly Tab[]
  readonly value?: string
  readonly onChange?: (value: string) => void
  readonly actions?: ReactNode
  readonly className?: string | undefined
}

/** Tabs: arrow keys move between them, and only the chosen one is rendered. */
export const Tabs = ({ label, tabs, value, onChange, actions, className }: TabsProps) => (
  <Primitive.Root
    {...(value === undefined ? { defaultValue: tabs[0]?.value ?? '' } : { value })}
    onValueChange={(next) => onChange?.(next)}
    className={classNames('flex min-h-0 min-w-0 flex-col', className)}
  >
    <div className="border-line flex items-center justify-between gap-2 border-b px-2">
      <Primitive.List aria-label={label} className="no-scrollbar flex min-w-0 overflow-x-auto">
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className="text-muted hover:text-ink data-[state=active]:text-ink data-[state=active]:border-accent -mb-px flex h-11 items-center gap-1.5 border-b-2 border-transparent px-3 text-sm font-medium whitespace-nowrap outline-offset-[-3px]"
          >
            {tab.label}
            {tab.count !== undefined && tab.count > 0 && (
              <span className="bg-raised text-muted figures rounded-full px-1.5 text-xs">{tab.count}</span>
            )}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {actions}
    </div>
    {tabs.map((tab) => (
      <Primitive.Content key={tab.value} value={tab.value} className="min-h-0 flex-1">
        {tab.content}
      </Primitive.Content>
    ))}
  </Primitive.Root>
)
