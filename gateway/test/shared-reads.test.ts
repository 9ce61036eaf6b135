import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { IDENTITY_SECRET, startTestGateway } from './fixtures/gateway.ts'
import type { Answer, TestGateway } from './fixtures/gateway.ts'
import { LIVE, callerOf } from './fixtures/market.ts'
import { startSubgraph } from './fixtures/subgraph.ts'
import type { RecordedRequest, RunningSubgraph } from './fixtures/subgraph.ts'
import { startIssuer } from './fixtures/tokens.ts'
import type { Issuer } from './fixtures/tokens.ts'

let shop: RunningSubgraph
let people: RunningSubgraph
let issuer: Issuer
let gateway: TestGateway
/** The shop answers its first request when this is resolved, and all others at once. */
let open: Promise<void>
let onAskedPeople: (request: RecordedRequest) => void = () => {}

const ask = async (person: string, query: string): Promise<Answer> =>
  gateway.ask(query, { token: await issuer.sign({ sub: person }) })

/** Resolves when so many requests have reached the people's subgraph. */
const peopleAsked = (count: number): Promise<void> =>
  new Promise((resolve) => {
    let left = count
    onAskedPeople = () => {
      left -= 1
      if (left === 0) resolve()
    }
  })

/** Who asked since then, in the order of their names. */
const callersSince = ({ requests }: RunningSubgraph, before: number): readonly string[] =>
  requests
    .slice(before)
    .map(({ headers }) => String(callerOf(headers)))
    .toSorted((one, other) => one.localeCompare(other))

beforeAll(async () => {
  shop = await startSubgraph({
    name: 'shop',
    typeDefs: `${LIVE}
      type Query { product: Product @sameForEveryone }
      type Product @key(fields: "id") {
        id: ID! @sameForEveryone
        price: Int @sameForEveryone
        cost: Int @sameForEveryone @authenticated
        grade: Grade @sameForEveryone
        discount: Int
      }
      enum Grade @authenticated { A }
    `,
    resolvers: {
      Query: { product: async () => open.then(() => ({ id: '1' })) },
      Product: {
        __resolveReference: async ({ id }: { id: string }) => open.then(() => ({ id })),
        price: () => 10,
        cost: () => 5,
        grade: () => 'A',
        discount: () => 1,
      },
    },
  })
  people = await startSubgraph({
    name: 'people',
    typeDefs: `
      type Query { me: String favourite: Product }
      type Mutation { like: Product }
      type Product @key(fields: "id", resolvable: false) { id: ID! }
    `,
    resolvers: {
      Query: {
        me: (_root: unknown, _args: unknown, context: unknown) => callerOf((context as RecordedRequest).headers),
        favourite: () => ({ id: '1' }),
      },
      Mutation: { like: () => ({ id: '1' }) },
    },
    onRequest: (request) => onAskedPeople(request),
  })
  issuer = await startIssuer()
  gateway = await startTestGateway(compose([shop, people]), {
    config: { identitySecret: IDENTITY_SECRET, issuerUrl: issuer.url, jwksUrl: issuer.jwksUrl },
  })
})

beforeEach(() => {
  open = Promise.resolve()
  onAskedPeople = () => {}
})

afterAll(async () => {
  await gateway.stop()
  await issuer.stop()
  await shop.crash()
  await people.crash()
})

describe('what is the same for everyone', () => {
  it('is read once for all who ask at the same moment, in nobody’s name, beside what is theirs', async () => {
    const persons = ['ada', 'bob', 'cleo']
    const before = { shop: shop.requests.length, people: people.requests.length }
    open = peopleAsked(persons.length)
    const answers = await Promise.all(persons.map((person) => ask(person, '{ product { price } me }')))
    expect(answers.map(({ data }) => data)).toEqual(persons.map((me) => ({ product: { price: 10 }, me })))
    expect(callersSince(shop, before.shop)).toEqual(['anonymous'])
    expect(callersSince(people, before.people)).toEqual(persons)
  })

  it.each(['discount', 'cost', 'grade'])('is read for each by itself where something is not: %s', async (field) => {
    const before = shop.requests.length
    open = peopleAsked(2)
    await Promise.all(['ada', 'bob'].map((person) => ask(person, `{ product { price ${field} } me }`)))
    expect(callersSince(shop, before)).toEqual(['ada', 'bob'])
  })

  it('is read anew after a change, whoever reads it already', async () => {
    let release = (): void => {}
    open = new Promise((resolve) => {
      release = resolve
    })
    const before = shop.requests.length
    const reading = ask('ada', '{ favourite { price } }')
    await expect.poll(() => shop.requests.length, { timeout: 10_000 }).toBe(before + 1)
    open = Promise.resolve()
    expect(await ask('bob', 'mutation { like { price } }')).toMatchObject({ data: { like: { price: 10 } } })
    expect(shop.requests).toHaveLength(before + 2)
    release()
    expect(await reading).toMatchObject({ data: { favourite: { price: 10 } } })
  })
})
