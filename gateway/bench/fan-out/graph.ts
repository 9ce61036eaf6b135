import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'

/** The one subgraph of this benchmark. */
export const TICKER = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"])
    @link(url: "https://specs.codai.ro/live/v1.0", import: ["@live", "@sameForEveryone"])
    @composeDirective(name: "@live") @composeDirective(name: "@sameForEveryone")
  directive @live(stateOf: String, sequence: String) on FIELD_DEFINITION
  directive @sameForEveryone on FIELD_DEFINITION
  type Query { version: Int }
  type Subscription { tick: Tick @live(stateOf: "symbol") @sameForEveryone }
  type Tick { symbol: ID! @sameForEveryone price: String! @sameForEveryone sentAt: Float! @sameForEveryone }
`

export const TICKS = 'subscription { tick { symbol price sentAt } }'

export const composeTicker = (url: string): string => {
  const result = composeServices([{ name: 'ticker', url, typeDefs: parse(TICKER) }])
  if (result.errors) throw new Error(result.errors.map(String).join('\n'))
  return result.supergraphSdl
}
