import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../demo.ts'
import type { DemoPerson } from '../demo.ts'
import { executableSchema } from '../schema.ts'
import type { Subgraph } from '../subgraph.ts'
import type { TestClient } from './client.ts'
import { compositionErrors, entityKeys, operationFor, rootFields, undescribed, unboundedLists } from './inspect.ts'
import { startWorld } from './world.ts'
import type { TestWorld } from './world.ts'

type Arguments = Record<string, unknown> | ((world: TestWorld) => Promise<Record<string, unknown>>)
type Caller = DemoPerson | { service: string; onBehalfOf?: string }

/**
 * What another person gets with the same arguments: a code, or OWN where the same arguments act on the caller's own
 * things, so that there is nobody to be a stranger to.
 */
type Stranger = 'FORBIDDEN' | 'NOT_FOUND' | 'OWN'

/** What the suite cannot know by itself: keys of the demo data, and arguments. A root field without a case fails. */
export type ConformanceCases = {
  /** Keys of the demo data for every entity and every `@key`; `visibleTo` where it is not for everyone. */
  entities: Record<string, { keys: readonly Record<string, unknown>[]; visibleTo?: DemoPerson }>
  mutations: Record<
    string,
    {
      /** Who succeeds with `arguments`; Ada when left out. */
      as?: Caller
      arguments: Arguments
      /** Callers who are not signed in may call it too. */
      anyone?: true
      stranger: Stranger
      bad: readonly { arguments: Arguments; code: string }[]
    }
  >
  subscriptions: Record<string, { as?: Caller; arguments: Arguments; anyone?: true; stranger: Stranger }>
}

const referenceCount = 25

/** Proves that a subgraph keeps the rules of the house. Call it at the top of the service's test file. */
export const testConformance = (
  subgraph: Subgraph,
  cases: ConformanceCases,
  options: { with?: readonly Subgraph[] } = {},
): void => {
  const schema = executableSchema(subgraph.sdl, subgraph.resolvers)
  const keysOf = entityKeys(schema)

  describe(`${subgraph.name} conforms`, () => {
    let world: TestWorld
    beforeAll(async () => {
      world = await startWorld([subgraph, ...(options.with ?? [])])
    })
    afterAll(() => world?.stop())

    const clientOf = (caller: Caller): TestClient =>
      'service' in caller ? world.asService(caller.service, caller.onBehalfOf) : world.as(caller)
    const resolved = async (given: Arguments): Promise<Record<string, unknown>> =>
      typeof given === 'function' ? given(world) : given
    const strangerTo = (caller: Caller): TestClient =>
      world.as('service' in caller || caller.id !== demoPeople.bob.id ? demoPeople.bob : demoPeople.carol)

    it('composes by itself and with every other service', async () => {
      expect(await compositionErrors(subgraph.name)).toEqual([])
    })

    it('describes every type, field, argument and value', () => {
      expect(undescribed(schema)).toEqual([])
    })

    it('has a connection, or a stated bound, for every list of objects', () => {
      expect(unboundedLists(schema)).toEqual([])
    })

    it('refuses whoever did not come through the gateway', async () => {
      const { codes } = await world.asNobody().query('{ __typename }')
      expect(codes).toEqual(['UNAUTHENTICATED'])
    })

    it('writes its demo data once, however often it is asked to', async () => {
      const before = await world.fingerprint()
      await world.seedAgain()
      expect(await world.fingerprint()).toBe(before)
    })

    it('has a case for every entity, mutation and subscription, and no other', () => {
      expect(Object.keys(cases.entities).toSorted()).toEqual([...keysOf.keys()].toSorted())
      expect(Object.keys(cases.mutations).toSorted()).toEqual(rootFields(schema, 'mutation'))
      expect(Object.keys(cases.subscriptions).toSorted()).toEqual(rootFields(schema, 'subscription'))
    })

    for (const [type, { keys, visibleTo }] of Object.entries(cases.entities)) {
      const references = (list: readonly Record<string, unknown>[]): Record<string, unknown>[] =>
        list.map((key) => ({ __typename: type, ...key }))
      const entities = `query ($list: [_Any!]!) { _entities(representations: $list) { __typename ... on ${type} { ${[...(keysOf.get(type) ?? [])].join(' ')} } } }`
      const reader = (): TestClient => world.as(visibleTo ?? demoPeople.ada)

      it(`finds ${type} by each of its keys`, async () => {
        for (const selection of keysOf.get(type) ?? []) {
          const withKey = keys.filter((key) => selection.split(' ').every((field) => field in key))
          expect(withKey, `an example for the key "${selection}"`).not.toHaveLength(0)
          const { data, codes } = await reader().query(entities, { list: references(withKey) })
          expect(codes).toEqual([])
          expect(data._entities).toEqual(withKey.map((key) => expect.objectContaining({ __typename: type, ...key })))
        }
      })

      it(`answers many ${type} references with one store call, and unknown ones with null`, async () => {
        const [example = {}] = keys
        const unknown = Array.from({ length: referenceCount }, (_, index) =>
          Object.fromEntries(Object.keys(example).map((field) => [field, `unknown-${index}`])),
        )
        const before = world.storeCalls()
        const { data, codes } = await reader().query(entities, { list: references([example, ...unknown]) })
        const calls = world.storeCalls() - before
        expect(codes).toEqual([])
        expect(calls).toBeLessThanOrEqual(1)
        // A service that only adds fields to a type of another one has no way to know its keys.
        if (calls === 1) expect(data._entities.slice(1)).toEqual(unknown.map(() => null))
      })

      if (visibleTo) {
        it(`hides ${type} from strangers`, async () => {
          const { data } = await strangerTo(visibleTo).query(entities, { list: references(keys) })
          expect(data._entities).toEqual(keys.map(() => null))
        })
      }
    }

    for (const [name, { as: caller = demoPeople.ada, anyone, stranger, bad, arguments: given }] of Object.entries(
      cases.mutations,
    )) {
      const operation = operationFor(schema, 'mutation', name)

      it(`refuses nobody at ${name}`, async () => {
        const before = await world.fingerprint()
        const variables = await resolved(given)
        const afterSetUp = typeof given === 'function' ? await world.fingerprint() : before
        expect((await world.asNobody().query(operation, variables)).codes).toEqual(['UNAUTHENTICATED'])
        if (!anyone) expect((await world.asAnonymous().query(operation, variables)).codes).toEqual(['UNAUTHENTICATED'])
        if (!anyone) {
          const application = world.asApplicationOf(demoPeople.ada)
          const expected = subgraph.forApplications ? /^(UNAUTHENTICATED|FORBIDDEN)$/ : /^UNAUTHENTICATED$/
          expect((await application.query(operation, variables)).codes.join()).toMatch(expected)
        }
        expect(await world.fingerprint()).toBe(afterSetUp)
      })

      if (stranger !== 'OWN') {
        it(`refuses a stranger at ${name}`, async () => {
          const variables = await resolved(given)
          const before = await world.fingerprint()
          expect((await strangerTo(caller).query(operation, variables)).codes).toEqual([stranger])
          expect(await world.fingerprint()).toBe(before)
        })
      }

      for (const [index, { arguments: badArguments, code }] of bad.entries()) {
        it(`answers bad input ${index + 1} to ${name} with ${code} and leaves no trace`, async () => {
          const variables = await resolved(badArguments)
          const before = await world.fingerprint()
          expect((await clientOf(caller).query(operation, variables)).codes).toEqual([code])
          expect(await world.fingerprint()).toBe(before)
        })
      }

      it(`lets who may call ${name}`, async () => {
        const { codes, data } = await clientOf(caller).query(operation, await resolved(given))
        expect(codes).toEqual([])
        expect(data[name]).not.toBeNull()
      })
    }

    for (const [name, { as: caller = demoPeople.ada, anyone, stranger, arguments: given }] of Object.entries(
      cases.subscriptions,
    )) {
      const operation = operationFor(schema, 'subscription', name)
      const firstCodes = async (client: TestClient): Promise<readonly string[]> => {
        const stream = await client.subscribe(operation, await resolved(given))
        try {
          return (await stream.next()).codes
        } finally {
          await stream.stop()
        }
      }

      it(`refuses nobody at the stream ${name}`, async () => {
        await expect(firstCodes(world.asNobody())).rejects.toThrow(/4403|4401|closed|ended/)
        if (!anyone) expect(await firstCodes(world.asAnonymous())).toEqual(['UNAUTHENTICATED'])
      })

      if (stranger !== 'OWN') {
        it(`refuses a stranger at the stream ${name}`, async () => {
          expect(await firstCodes(strangerTo(caller))).toEqual([stranger])
        })
      }

      it(`lets who may listen to the stream ${name}`, async () => {
        const stream = await clientOf(caller).subscribe(operation, await resolved(given))
        expect(stream.begun).toBe(true)
        await stream.stop()
      })
    }

    it('says nothing of its inside to a malformed, a wrong and a huge request', async () => {
      const client = world.as(demoPeople.ada)
      expect((await client.query('{ nope')).codes).toEqual(['GRAPHQL_PARSE_FAILED'])
      expect((await client.query('{ noSuchField }')).codes).toEqual(['GRAPHQL_VALIDATION_FAILED'])
      expect((await client.query(`{ ${'a'.repeat(2_000_000)} }`)).codes).toEqual(['PAYLOAD_TOO_LARGE'])
    })
  })
}
