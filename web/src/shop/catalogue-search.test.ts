import { expect, it } from 'vitest'
import { readSearch, searchVariables, toggled, writeSearch } from './catalogue-search.ts'

it('keeps a search in the address, and reads the same out of it', () => {
  const search = {
    search: 'warm lamp',
    sort: 'RATING',
    categories: ['home', 'office'],
    tags: ['wood'],
    rating: '4',
    inStock: true,
  } as const
  const address = writeSearch(search)
  expect(address.toString()).toBe(
    'search=warm+lamp&sort=RATING&category=home&category=office&tag=wood&rating=4&stock=in',
  )
  expect(readSearch(address)).toEqual(search)
})

it('leaves out of an address what makes no sense', () => {
  const search = readSearch(new URLSearchParams('sort=SIDEWAYS&rating=9&stock=maybe'))
  expect(writeSearch(search).toString()).toBe('')
  expect(searchVariables(search)).toEqual({ search: null, sort: null, filters: null })
})

it('asks the graph only for what is sought', () => {
  const search = readSearch(new URLSearchParams('search=lamp&rating=3'))
  expect(searchVariables(search)).toEqual({ search: 'lamp', sort: null, filters: { rating: 3 } })
})

it('puts a value into a list, and takes it out again', () => {
  expect(toggled(['a'], 'b')).toEqual(['a', 'b'])
  expect(toggled(['a', 'b'], 'b')).toEqual(['a'])
})
