import { describe, expect, it } from 'vitest'
import { createRouting } from './routing.ts'

const subgraphHostTemplate = 'http://127.0.0.1:{port}'

describe('routing', () => {
  it('leaves urls as they are when nothing else is asked for', () => {
    const route = createRouting({ portOffset: 0, subgraphHostTemplate })
    expect(route('products', 'https://products.example/graphql')).toBe('https://products.example/graphql')
  })

  it('moves every port by the offset', () => {
    const route = createRouting({ portOffset: 10_000, subgraphHostTemplate })
    expect(route('bancai', 'http://localhost:3001/graphql')).toBe('http://127.0.0.1:13001/graphql')
  })

  it('fills in a template with the name and the port', () => {
    const route = createRouting({ portOffset: 0, subgraphHostTemplate: 'http://{name}.codai:{port}/' })
    expect(route('bancai', 'http://localhost:3001/graphql?a=b')).toBe('http://bancai.codai:3001/graphql?a=b')
  })

  it('leaves alone what is no url', () => {
    expect(createRouting({ portOffset: 1, subgraphHostTemplate })('draft', '')).toBe('')
  })
})
