import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { completeSdl } from './sdl.ts'

const written = `
  type Query { quote: Quote }
  type Subscription { quote: Quote @live(stateOf: "symbol") @sameForEveryone }
  type Quote @key(fields: "symbol") @sameForEveryone { symbol: ID! last: Int }
  extend type User @key(fields: "id") { id: ID! alerts: Int }
`

const shared = 'scalar DateTime'

describe('the document of a service', () => {
  test('says of each field what was said of its type, and not of the type: others add fields to it', () => {
    const sdl = completeSdl(written, shared)
    expect(sdl).toContain('symbol: ID! @sameForEveryone')
    expect(sdl).toContain('last: Int @sameForEveryone')
    expect(sdl).toContain('type Quote @key(fields: "symbol") {')
    expect(sdl).toContain('alerts: Int\n')
    expect(() => buildSubgraphSchema(parse(sdl))).not.toThrow()
  })

  test('links only what it uses', () => {
    expect(completeSdl('type Query { one: Int }', shared)).not.toContain('specs/live')
    expect(completeSdl(written, shared)).toContain('https://specs.codai.ro/live/v1.0')
  })
})
