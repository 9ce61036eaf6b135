import { useSearchParams } from 'react-router'
import type { ProductFiltersInput, ProductSort } from '../.generated/shop.ts'

/** What is sought in the shop: it stands in the address, so that it can be shared and gone back to. */
export type CatalogueSearch = {
  readonly search: string
  readonly sort: ProductSort | ''
  readonly categories: readonly string[]
  readonly tags: readonly string[]
  readonly rating: string
  readonly inStock: boolean
}

const none: CatalogueSearch = { search: '', sort: '', categories: [], tags: [], rating: '', inStock: false }

const sorts = new Set<string>(['RELEVANCE', 'NEWEST', 'PRICE_ASCENDING', 'PRICE_DESCENDING', 'RATING'])

/** Reads the search out of an address; what makes no sense there is left out. */
export const readSearch = (parameters: URLSearchParams): CatalogueSearch => {
  const sort = parameters.get('sort') ?? ''
  const rating = parameters.get('rating') ?? ''
  return {
    search: parameters.get('search') ?? '',
    sort: sorts.has(sort) ? (sort as ProductSort) : '',
    categories: parameters.getAll('category'),
    tags: parameters.getAll('tag'),
    rating: /^[1-5]$/.test(rating) ? rating : '',
    inStock: parameters.get('stock') === 'in',
  }
}

/** The address of a search; what is not sought is not in it. */
export const writeSearch = (search: CatalogueSearch): URLSearchParams => {
  const parameters = new URLSearchParams()
  if (search.search.trim() !== '') parameters.set('search', search.search.trim())
  if (search.sort !== '') parameters.set('sort', search.sort)
  for (const category of search.categories) parameters.append('category', category)
  for (const tag of search.tags) parameters.append('tag', tag)
  if (search.rating !== '') parameters.set('rating', search.rating)
  if (search.inStock) parameters.set('stock', 'in')
  return parameters
}

/** A search as the graph takes it. */
export const searchVariables = (search: CatalogueSearch) => {
  const filters: ProductFiltersInput = {
    ...(search.categories.length > 0 && { categories: search.categories }),
    ...(search.tags.length > 0 && { tags: search.tags }),
    ...(search.rating !== '' && { rating: Number(search.rating) }),
    ...(search.inStock && { inStock: true }),
  }
  return {
    search: search.search === '' ? null : search.search,
    sort: search.sort === '' ? null : search.sort,
    filters: Object.keys(filters).length === 0 ? null : filters,
  }
}

/** The search of this page, and how to change it; typing replaces the address, choosing adds one to go back from. */
export const useCatalogueSearch = () => {
  const [parameters, setParameters] = useSearchParams()
  const current = readSearch(parameters)
  return {
    current,
    isNarrowed: writeSearch({ ...current, sort: '' }).size > 0,
    change: (change: Partial<CatalogueSearch>, options: { readonly replace?: boolean } = {}) =>
      setParameters(writeSearch({ ...current, ...change }), { ...options, preventScrollReset: true }),
    clear: () => setParameters(writeSearch({ ...none, sort: current.sort }), { preventScrollReset: true }),
  }
}

/** A list with a value put in or taken out. */
export const toggled = (values: readonly string[], value: string): readonly string[] =>
  values.includes(value) ? values.filter((other) => other !== value) : [...values, value]
