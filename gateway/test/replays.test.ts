import { setImmediate } from 'node:timers/promises'
import { createReplays } from '@codai/engine'
import type { Prepared, Replays, Send } from '@codai/engine'
import { array, assert, asyncProperty, nat } from 'fast-check'
import { Kind, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPreparations } from '../src/execution/preparations.ts'
import type { Operation } from '../src/operation.ts'
import { compose } from './fixtures/compose.ts'
import { createSides } from './fixtures/differential.ts'
import { FEATURES, composeDefinitions } from './fixtures/federation.ts'
import { IDENTITY_SECRET, startTestGateway } from './fixtures/gateway.ts'
import type { Answer, TestGateway } from './fixtures/gateway.ts'
import { hashOf } from './fixtures/hash.ts'
import { callerOf } from './fixtures/market.ts'
import { randomOperation } from './fixtures/operations.ts'
import type { RandomOperation } from './fixtures/operations.ts'
import { replyOf, sendTo } from './fixtures/reply.ts'
import { startSubgraph } from './fixtures/subgraph.ts'
import type { RecordedRequest, RunningSubgraph } from './fixtures/subgraph.ts'
import { startIssuer } from './fixtures/tokens.ts'
import type { Issuer } from './fixtures/tokens.ts'
import { CALM } from './fixtures/universe.ts'
import type { Weather } from './fixtures/universe.ts'

describe('random queries, asked again and again', async () => {
  const { graph, universe } = await createSides(composeDefinitions(FEATURES))
  const counted = { runs: 0, computed: 0 }

  const createCounted = (): Replays => {
    const replays = createReplays()
    return {
      of: (run) =>
        replays.of((variables, send) => {
          counted.computed += 1
          return run(variables, send)
        }),
    }
  }

  const readRandom = ({ query, variables }: RandomOperation): Operation | undefined => {
    const document = parse(query)
    const [node] = document.definitions
    const isValid = validate(graph.schema, document).length === 0
    if (!isValid || node?.kind !== Kind.OPERATION_DEFINITION) return undefined
    return { graph, document, node, operationName: undefined, variables, key: query }
  }

  const prepared = (operation: Operation, replays?: Replays): Promise<Prepared | undefined> =>
    createPreparations(graph, replays && { replays })
      .get(operation)
      // The planner cannot plan all of them.
      .catch(() => undefined)

  /** Subgraphs that lack other values each time the mood is another, in another order in each turn. */
  const subgraphs = (mood: number, turn: number): Send => {
    const weather: Weather = mood === 0 ? CALM : { seed: mood, failing: 20, lost: 0, slow: 0 }
    const send = sendTo(universe, weather)
    return async (fetch) => {
      const { data } = (await send(fetch)).read()
      for (let left = hashOf(turn, fetch.body) % 3; left > 0; left -= 1) await setImmediate()
      return replyOf({ ...(data !== undefined && { data }) })
    }
  }

  const ask = async (operation: Prepared, variables: Operation['variables'], send: Send): Promise<unknown> => {
    const { data, errors } = await operation.run(variables, send)
    return { data: String(data), errors: errors.map(({ path, message }) => `${path?.join('.')} ${message}`).toSorted() }
  }

  it('are answered as if they were asked for the first time', { timeout: 120_000 }, async () => {
    const operations = randomOperation({ schema: graph.schema, root: 'query', depth: 4, fields: 14 })
    const moods = array(nat({ max: 2 }), { minLength: 8, maxLength: 8 })
    await assert(
      asyncProperty(operations, moods, async (random, sequence) => {
        const operation = readRandom(random)
        const again = operation && (await prepared(operation, createCounted()))
        const anew = operation && (await prepared(operation))
        if (!again || !anew) return
        for (const [turn, mood] of sequence.entries()) {
          counted.runs += 1
          const send = subgraphs(mood, turn)
          expect(await ask(again, operation.variables, send)).toEqual(await ask(anew, operation.variables, send))
        }
      }),
      { numRuns: 150, endOnFailure: true, seed: 2026 },
    )
    expect(counted.runs).toBeGreaterThan(600)
    expect(counted.computed).toBeLessThan(counted.runs * 0.8)
  })
})

describe('what was answered before', () => {
  let shop: RunningSubgraph
  let people: RunningSubgraph
  let issuer: Issuer
  let gateway: TestGateway
  let price = 10
  let isOpen = true

  const ask = async (person: string): Promise<Answer> =>
    gateway.ask('{ me { name favourite { price } } }', { token: await issuer.sign({ sub: person }) })

  beforeAll(async () => {
    shop = await startSubgraph({
      name: 'shop',
      typeDefs: 'type Query { price: Int } type Product @key(fields: "id") { id: ID! price: Int }',
      resolvers: {
        Product: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          price: () => {
            if (isOpen) return price
            throw new Error('closed')
          },
        },
      },
    })
    people = await startSubgraph({
      name: 'people',
      typeDefs: `
        type Query { me: Person }
        type Person { name: String favourite: Product }
        type Product @key(fields: "id", resolvable: false) { id: ID! }
      `,
      resolvers: {
        Query: {
          me: (_root: unknown, _args: unknown, context: unknown) => {
            const name = callerOf((context as RecordedRequest).headers)
            return { name: String(name).slice(0, 3), favourite: { id: '1' } }
          },
        },
      },
    })
    issuer = await startIssuer()
    gateway = await startTestGateway(compose([shop, people]), {
      config: { identitySecret: IDENTITY_SECRET, issuerUrl: issuer.url, jwksUrl: issuer.jwksUrl },
    })
  })

  afterAll(async () => {
    await gateway.stop()
    await issuer.stop()
    await shop.crash()
    await people.crash()
  })

  it('is asked of all subgraphs again, by each in his own name', async () => {
    const persons = ['ann1', 'ann2', 'bob', 'ann1', 'ann2', 'bob', 'bob', 'ann3']
    const before = { shop: shop.requests.length, people: people.requests.length }
    for (const person of persons) {
      const me = { name: person.slice(0, 3), favourite: { price: 10 } }
      expect(await ask(person)).toMatchObject({ data: { me } })
    }
    const callers = (requests: readonly RecordedRequest[]): unknown[] =>
      requests.map(({ headers }) => callerOf(headers))
    expect(callers(people.requests.slice(before.people))).toEqual(persons)
    expect(callers(shop.requests.slice(before.shop))).toEqual(persons)
  })

  it('is no longer answered once it has changed, or fails', async () => {
    for (const person of ['ann4', 'ann5', 'ann6']) await ask(person)
    price = 11
    expect(await ask('ann7')).toMatchObject({ data: { me: { name: 'ann', favourite: { price: 11 } } } })
    isOpen = false
    const failed = await ask('ann8')
    expect(failed).toMatchObject({ data: { me: { name: 'ann', favourite: { price: null } } } })
    expect(failed.errors).toHaveLength(1)
    isOpen = true
    expect(await ask('ann9')).toMatchObject({ data: { me: { name: 'ann', favourite: { price: 11 } } } })
  })
})
