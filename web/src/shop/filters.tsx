import type { ProductsQuery } from '../.generated/shop.ts'
import { Button } from '../design/button.tsx'
import { toggled } from './catalogue-search.ts'
import type { useCatalogueSearch } from './catalogue-search.ts'

type Facets = NonNullable<ProductsQuery['products']>['facets']

type OptionProps = {
  readonly label: string
  readonly count?: number | undefined
  readonly checked: boolean
  readonly onChange: () => void
}

const Option = ({ label, count, checked, onChange }: OptionProps) => (
  <label className="hover:bg-raised flex min-h-9 cursor-pointer items-center gap-2.5 rounded-lg px-2 text-sm">
    <input type="checkbox" checked={checked} onChange={onChange} className="accent-accent-solid size-4" />
    <span className="min-w-0 flex-1 truncate first-letter:uppercase">{label}</span>
    {count !== undefined && (
      <span aria-hidden className="text-muted figures text-xs">
        {count}
      </span>
    )}
  </label>
)

const legendStyle = 'px-2 pb-1 text-xs font-semibold'

/** What is found, and what was chosen though nothing of it is found any more. */
const withChosen = (found: readonly { value: string; count: number }[], chosen: readonly string[]) => [
  ...found,
  ...chosen
    .filter((value) => !found.some((facet) => facet.value === value))
    .map((value) => ({ value, count: undefined })),
]

type FiltersProps = { readonly facets: Facets | undefined; readonly search: ReturnType<typeof useCatalogueSearch> }

/** Narrowing the catalogue by what its products have in common. */
export const Filters = ({ facets, search }: FiltersProps) => {
  const { current, change, clear, isNarrowed } = search
  return (
    <div className="space-y-4">
      <fieldset>
        <legend className={legendStyle}>Category</legend>
        {withChosen(facets?.categories ?? [], current.categories).map(({ value, count }) => (
          <Option
            key={value}
            label={value}
            count={count}
            checked={current.categories.includes(value)}
            onChange={() => change({ categories: toggled(current.categories, value) })}
          />
        ))}
      </fieldset>
      <fieldset>
        <legend className={legendStyle}>At least</legend>
        {['4', '3'].map((stars) => (
          <Option
            key={stars}
            label={`${stars} stars`}
            checked={current.rating === stars}
            onChange={() => change({ rating: current.rating === stars ? '' : stars })}
          />
        ))}
      </fieldset>
      <fieldset>
        <legend className={legendStyle}>Availability</legend>
        <Option
          label="In stock"
          count={facets?.inStock}
          checked={current.inStock}
          onChange={() => change({ inStock: !current.inStock })}
        />
      </fieldset>
      <fieldset>
        <legend className={legendStyle}>Tags</legend>
        {withChosen((facets?.tags ?? []).slice(0, 8), current.tags).map(({ value, count }) => (
          <Option
            key={value}
            label={value}
            count={count}
            checked={current.tags.includes(value)}
            onChange={() => change({ tags: toggled(current.tags, value) })}
          />
        ))}
      </fieldset>
      {isNarrowed && (
        <Button size="small" className="w-full" onClick={clear}>
          Show everything
        </Button>
      )}
    </div>
  )
}
