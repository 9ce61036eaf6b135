import { Supergraph } from '@apollo/federation-internals'
import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { compose } from '../../test/fixtures/compose.ts'
import { LIVE } from '../../test/fixtures/market.ts'
import { FEDERATION } from '../../test/fixtures/subgraph.ts'
import { readLiveRules } from './live.ts'
import type { LiveRules } from './live.ts'

const rulesOf = (own: string): LiveRules => {
  const typeDefs = parse(`${FEDERATION}${own}`)
  const sdl = compose([{ name: 'market', url: 'http://127.0.0.1:1', typeDefs }])
  return readLiveRules(Supergraph.build(sdl, { supportedFeatures: null }).schema)
}

const streamOf = (live: string): LiveRules =>
  rulesOf(`${LIVE}
    type Query { version: Int }
    type Subscription { quote: Quote ${live} other: Int }
    type Quote {
      symbol: ID! @sameForEveryone
      market: String!
      number: Int!
      hidden: Int @inaccessible
      of(day: Int!): Int
      place: Place
    }
    type Place { name: String }
  `)

describe('what services promise of their streams', () => {
  it('is read by field, and nothing is taken for granted', () => {
    expect(streamOf('').streams).toEqual(new Map())
    expect(streamOf('@live').streams).toEqual(new Map([['quote', { kind: 'events', fields: [] }]]))
    expect(streamOf('@live(stateOf: "symbol market")').streams).toEqual(
      new Map([['quote', { kind: 'state', fields: ['symbol', 'market'] }]]),
    )
    const { streams, sameForEveryone } = streamOf('@live(sequence: "number") @sameForEveryone')
    expect(streams).toEqual(new Map([['quote', { kind: 'sequence', fields: ['number'] }]]))
    expect(sameForEveryone).toEqual(new Set(['Subscription.quote', 'Quote.symbol']))
  })

  it('is nothing in a supergraph that does not know of it', () => {
    const { streams, sameForEveryone } = rulesOf('type Query { version: Int }')
    expect([streams.size, sameForEveryone.size]).toEqual([0, 0])
  })

  it.each(['absent', 'hidden', 'of', 'place'])('is refused where it names what events do not have: %s', (name) => {
    expect(() => streamOf(`@live(stateOf: "symbol ${name}")`)).toThrow(`@live of Subscription.quote names "${name}"`)
  })

  it('is refused where it contradicts itself', () => {
    expect(() => streamOf('@live(stateOf: "symbol", sequence: "number")')).toThrow('cannot have both')
  })
})
