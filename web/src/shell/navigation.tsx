import {
  Boxes,
  CandlestickChart,
  CodeXml,
  Ellipsis,
  GraduationCap,
  MessagesSquare,
  ShoppingBag,
  Sparkles,
  Wallet,
  Workflow,
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { NavLink, useLocation } from 'react-router'
import { classNames } from '../design/class-names.ts'

type Place = {
  readonly to: string
  readonly label: string
  readonly icon: LucideIcon
  /** The paths that belong to it. */
  readonly within: readonly string[]
}

const first: readonly Place[] = [
  { to: '/trade', label: 'Trade', icon: CandlestickChart, within: ['/trade'] },
  { to: '/feed', label: 'Feed', icon: MessagesSquare, within: ['/feed', '/people', '/topics'] },
  { to: '/shop', label: 'Shop', icon: ShoppingBag, within: ['/shop'] },
  { to: '/assistant', label: 'Assistant', icon: Sparkles, within: ['/assistant'] },
]

// Where there is no room for all, these wait behind one button.
const further: readonly Place[] = [
  { to: '/learn', label: 'Learn', icon: GraduationCap, within: ['/learn', '/certificates'] },
  { to: '/wallet', label: 'Wallet', icon: Wallet, within: ['/wallet'] },
  { to: '/workflows', label: 'Workflows', icon: Workflow, within: ['/workflows'] },
  { to: '/developers', label: 'Developers', icon: CodeXml, within: ['/developers'] },
  { to: '/services', label: 'Services', icon: Boxes, within: ['/services'] },
]

const isHere = ({ within }: Place, pathname: string): boolean =>
  within.some((start) => pathname === start || pathname.startsWith(`${start}/`))

const linkStyle = (here: boolean): string =>
  classNames(
    'flex h-14 w-full flex-col items-center justify-center gap-0.5 text-2xs font-medium transition outline-offset-[-3px] sm:h-9 sm:flex-row sm:gap-2 sm:rounded-lg sm:px-2.5 sm:text-sm',
    here ? 'text-accent sm:bg-accent-soft' : 'text-muted hover:text-ink',
  )

const PlaceLink = ({ place, pathname, inList = false }: { place: Place; pathname: string; inList?: boolean }) => {
  const here = isHere(place, pathname)
  const Icon = place.icon
  return (
    <NavLink
      to={place.to}
      aria-current={here ? 'page' : undefined}
      className={
        inList
          ? classNames(
              'flex h-11 items-center gap-3 rounded-lg px-3 text-sm font-medium outline-offset-[-3px]',
              here ? 'text-accent bg-accent-soft' : 'text-ink hover:bg-raised',
            )
          : linkStyle(here)
      }
    >
      <Icon aria-hidden className={inList ? 'size-4' : 'size-5 sm:size-4'} />
      {place.label}
    </NavLink>
  )
}

/** The places for which there is no room, behind a button; closed by a choice, by Escape, or by looking elsewhere. */
const More = ({ pathname }: { pathname: string }) => {
  const [openAt, setOpenAt] = useState<string>()
  const element = useRef<HTMLDivElement>(null)
  const open = openAt === pathname
  useEffect(() => {
    if (!open) return undefined
    const close = (event: Event): void => {
      const isEscape = event instanceof KeyboardEvent && event.key === 'Escape'
      const isOutside = !(event instanceof KeyboardEvent) && !element.current?.contains(event.target as Node)
      if (isEscape) element.current?.querySelector('button')?.focus()
      if (isEscape || isOutside) setOpenAt(undefined)
    }
    const events = ['keydown', 'pointerdown', 'focusin'] as const
    for (const event of events) addEventListener(event, close)
    return () => {
      for (const event of events) removeEventListener(event, close)
    }
  }, [open])
  return (
    <div ref={element} className="relative">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpenAt(open ? undefined : pathname)}
        className={linkStyle(further.some((place) => isHere(place, pathname)))}
      >
        <Ellipsis aria-hidden className="size-5 sm:size-4" />
        More
      </button>
      {open && (
        <ul className="bg-surface border-line shadow-float animate-fade absolute right-2 bottom-full z-40 mb-2 w-52 rounded-xl border p-1.5 sm:top-full sm:right-auto sm:bottom-auto sm:left-0 sm:mt-2">
          {further.map((place) => (
            <li key={place.to}>
              <PlaceLink place={place} pathname={pathname} inList />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** The one navigation: at the top where there is room, under the thumb on a phone. */
export const Navigation = () => {
  const { pathname } = useLocation()
  return (
    <nav
      aria-label="Main"
      className="bg-surface border-line fixed inset-x-0 bottom-0 z-30 border-t pb-[env(safe-area-inset-bottom)] sm:static sm:border-0 sm:pb-0"
    >
      <ul className="grid grid-cols-5 sm:flex sm:gap-0.5 lg:gap-1">
        {first.map((place) => (
          <li key={place.to}>
            <PlaceLink place={place} pathname={pathname} />
          </li>
        ))}
        {further.map((place) => (
          <li key={place.to} className="hidden xl:block">
            <PlaceLink place={place} pathname={pathname} />
          </li>
        ))}
        <li className="xl:hidden">
          <More pathname={pathname} />
        </li>
      </ul>
    </nav>
  )
}
