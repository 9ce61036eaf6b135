import { randomUUID } from 'node:crypto'
import { demoPeople } from '../_kit/index.ts'
import { testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { createDeveloper } from './developer.fixture.ts'
import { demoApp, demoKey } from './seed.ts'
import publicai from './subgraph.ts'

const { ada } = demoPeople
const gateway = { service: 'gateway' }

const bad = (
  input: Record<string, unknown>,
  changes: readonly (readonly [Record<string, unknown>, string])[],
): { arguments: Record<string, unknown>; code: string }[] =>
  changes.map(([change, code]) => ({ arguments: { input: { ...input, ...change } }, code }))

const developer = (world: TestWorld): ReturnType<typeof createDeveloper> => createDeveloper(world.as(ada))
const key = { app: demoApp, name: 'A key' }
const operation = { app: demoApp, name: 'Plans', document: '{ plans { id } }' }
const use = { key: demoKey, operation: 'Prices', at: '2026-01-01T00:00:30.000Z' }
const entry = { ...use, requests: 1, cost: 5, errors: 0, refused: 0 }

testConformance(publicai, {
  entities: {
    User: { keys: [{ id: ada.id }] },
    DeveloperApp: { keys: [{ id: demoApp }], visibleTo: ada },
    ApiKey: { keys: [{ id: demoKey }], visibleTo: ada },
    Plan: { keys: [{ id: 'FREE' }, { id: 'BUSINESS' }] },
  },
  mutations: {
    createApp: {
      arguments: { input: { name: 'An app', idempotencyKey: 'create' } },
      stranger: 'OWN',
      bad: bad({ name: 'An app', idempotencyKey: 'bad create' }, [
        [{ name: ' ' }, 'BAD_USER_INPUT'],
        [{ name: 'x'.repeat(61) }, 'BAD_USER_INPUT'],
        [{ name: 'a\0b' }, 'BAD_USER_INPUT'],
        [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
      ]),
    },
    deleteApp: {
      arguments: async (world) => ({ app: await developer(world).app() }),
      stranger: 'NOT_FOUND',
      bad: [
        { arguments: { app: 'nothing' }, code: 'NOT_FOUND' },
        { arguments: { app: '\0' }, code: 'NOT_FOUND' },
      ],
    },
    issueKey: {
      arguments: async () => ({ input: { ...key, idempotencyKey: randomUUID() } }),
      stranger: 'NOT_FOUND',
      bad: bad({ ...key, idempotencyKey: 'bad issue' }, [
        [{ name: '' }, 'BAD_USER_INPUT'],
        [{ scopes: [] }, 'BAD_USER_INPUT'],
        [{ expiresAt: '2020-01-01T00:00:00.000Z' }, 'BAD_USER_INPUT'],
        [{ idempotencyKey: 'x'.repeat(101) }, 'BAD_USER_INPUT'],
        [{ app: 'nothing' }, 'NOT_FOUND'],
      ]),
    },
    rotateKey: {
      arguments: async (world) => {
        const { id } = await developer(world).key(demoApp)
        return { input: { key: id, graceSeconds: 60, idempotencyKey: randomUUID() } }
      },
      stranger: 'NOT_FOUND',
      bad: bad({ key: demoKey, graceSeconds: 0, idempotencyKey: 'bad rotate' }, [
        [{ graceSeconds: -1 }, 'BAD_USER_INPUT'],
        [{ graceSeconds: 604_801 }, 'BAD_USER_INPUT'],
        [{ key: 'nothing' }, 'NOT_FOUND'],
      ]),
    },
    revokeKey: {
      arguments: async (world) => ({ key: (await developer(world).key(demoApp)).id }),
      stranger: 'NOT_FOUND',
      bad: [{ arguments: { key: 'nothing' }, code: 'NOT_FOUND' }],
    },
    registerOperation: {
      arguments: { input: operation },
      stranger: 'NOT_FOUND',
      bad: bad(operation, [
        [{ name: '' }, 'BAD_USER_INPUT'],
        [{ document: '{ plans' }, 'BAD_USER_INPUT'],
        [{ document: 'fragment A on Plan { id }' }, 'BAD_USER_INPUT'],
        [{ document: 'query A { plans { id } } query B { plans { id } }' }, 'BAD_USER_INPUT'],
        [{ document: `{ ${'a '.repeat(10_000)} }` }, 'BAD_USER_INPUT'],
        [{ app: 'nothing' }, 'NOT_FOUND'],
      ]),
    },
    removeOperation: {
      arguments: async (world) => ({ operation: (await developer(world).operation(demoApp)).id }),
      stranger: 'NOT_FOUND',
      bad: [{ arguments: { operation: 'nothing' }, code: 'NOT_FOUND' }],
    },
    changePlan: {
      arguments: { input: { app: demoApp, plan: 'TEAM' } },
      stranger: 'NOT_FOUND',
      bad: bad({ app: demoApp, plan: 'TEAM' }, [
        [{ plan: 'NONE' }, 'NOT_FOUND'],
        [{ app: 'nothing' }, 'NOT_FOUND'],
      ]),
    },
    recordApiUsage: {
      as: gateway,
      arguments: { input: { batch: 'a batch', entries: [entry] } },
      stranger: 'FORBIDDEN',
      bad: bad({ batch: 'a bad batch', entries: [entry] }, [
        [{ batch: '' }, 'BAD_USER_INPUT'],
        [{ entries: [{ ...entry, cost: -1 }] }, 'BAD_USER_INPUT'],
        [{ entries: Array.from({ length: 5_001 }, () => entry) }, 'BAD_USER_INPUT'],
      ]),
    },
  },
  subscriptions: {
    usageUpdated: { arguments: { app: demoApp }, stranger: 'NOT_FOUND' },
  },
})
