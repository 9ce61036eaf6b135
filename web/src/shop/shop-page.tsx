import { PackageSearch, Search } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { useQuery } from 'urql'
import { ProductsDocument } from '../.generated/shop.ts'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Select, inputStyle } from '../design/field.tsx'
import { Empty, Failure, Skeleton } from '../design/states.tsx'
import { useTitle } from '../shared/hooks.ts'
import { searchVariables, useCatalogueSearch } from './catalogue-search.ts'
import { Filters } from './filters.tsx'
import { ProductCard } from './product-card.tsx'
import { ShopHeader } from './shop-header.tsx'

type Catalogue = ReturnType<typeof useCatalogueSearch>

// Long enough not to ask at every letter, short enough to seem at once.
const typingPauseMs = 250

const SearchBox = ({ search }: { search: Catalogue }) => {
  const [text, setText] = useState(search.current.search)
  const [shown, setShown] = useState(search.current.search)
  if (shown !== search.current.search) {
    setShown(search.current.search)
    if (text.trim() !== search.current.search) setText(search.current.search)
  }
  const seek = useEffectEvent((typed: string) => {
    if (typed.trim() !== search.current.search) search.change({ search: typed }, { replace: true })
  })
  useEffect(() => {
    const timer = setTimeout(() => seek(text), typingPauseMs)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <search className="relative min-w-0 basis-full sm:flex-1 sm:basis-0">
      <Search aria-hidden className="text-muted absolute top-3 left-3 size-4" />
      <input
        type="search"
        aria-label="Search the shop"
        placeholder="Search the shop"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={`${inputStyle} h-10 pl-9`}
      />
    </search>
  )
}

const sorts = [
  { value: '', label: 'Best match' },
  { value: 'NEWEST', label: 'Newest' },
  { value: 'PRICE_ASCENDING', label: 'Cheapest' },
  { value: 'PRICE_DESCENDING', label: 'Most expensive' },
  { value: 'RATING', label: 'Best rated' },
] as const

const gridStyle = 'grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-4'

const Results = ({ search, after }: { search: Catalogue; after: string | null }) => {
  const [{ data, fetching, error }, reload] = useQuery({
    query: ProductsDocument,
    variables: { ...searchVariables(search.current), after },
    requestPolicy: 'cache-and-network',
  })
  const [more, setMore] = useState(false)
  const page = data?.products
  if (!page && fetching) {
    return (
      <div className={gridStyle}>
        <output className="sr-only">Loading products</output>
        {Array.from({ length: 8 }, (_, index) => (
          <Skeleton key={index} className="aspect-[4/5] rounded-xl" />
        ))}
      </div>
    )
  }
  if (!page && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!page) return null
  if (page.edges.length === 0 && after === null) {
    return (
      <Card>
        <Empty
          icon={PackageSearch}
          title="Nothing fits"
          action={search.isNarrowed && <Button onClick={search.clear}>Show everything</Button>}
        >
          Try other words, or fewer filters.
        </Empty>
      </Card>
    )
  }
  const { hasNextPage, endCursor } = page.pageInfo
  return (
    <>
      <ul aria-label={after === null ? 'Products' : 'More products'} className={gridStyle}>
        {page.edges.map(({ node }) => (
          <ProductCard key={node.id} product={node} />
        ))}
      </ul>
      {hasNextPage && !more && (
        <div className="flex justify-center pt-2">
          <Button onClick={() => setMore(true)}>Show more</Button>
        </div>
      )}
      {hasNextPage && more && <Results search={search} after={endCursor} />}
    </>
  )
}

/** What is for sale. */
export const ShopPage = () => {
  useTitle('Shop')
  const search = useCatalogueSearch()
  const [{ data }] = useQuery({
    query: ProductsDocument,
    variables: { ...searchVariables(search.current), after: null },
  })
  const [filtersOpen, setFiltersOpen] = useState(false)
  const count = data?.products?.totalCount
  const filters = <Filters facets={data?.products?.facets} search={search} />
  return (
    <div className="space-y-4">
      <ShopHeader>
        <h1 className="text-2xl font-semibold tracking-tight">Shop</h1>
      </ShopHeader>
      <div className="flex flex-wrap items-end gap-3">
        <SearchBox search={search} />
        <Select
          label="Sort by"
          className="min-w-0 flex-1 sm:w-44 sm:flex-none"
          value={search.current.sort}
          options={sorts}
          onChange={(sort) => search.change({ sort: sort as (typeof sorts)[number]['value'] })}
        />
        <Button className="lg:hidden" aria-expanded={filtersOpen} onClick={() => setFiltersOpen(!filtersOpen)}>
          Filters
        </Button>
      </div>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[14rem_minmax(0,1fr)]">
        <Card title="Filters" quietTitle className={filtersOpen ? '' : 'hidden lg:block'} bodyClassName="p-2 py-3">
          {filters}
        </Card>
        <div className="min-w-0 space-y-3">
          <output className="text-muted block px-1 text-sm">
            {count !== undefined && (count === 1 ? '1 product' : `${count} products`)}
          </output>
          <Results key={JSON.stringify(search.current)} search={search} after={null} />
        </div>
      </div>
    </div>
  )
}
