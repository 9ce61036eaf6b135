import { expect, vi } from 'vitest'
import type { Answer, TestClient } from '../_kit/testing/index.ts'

/** Generous, as machines under load are slow. */
export const patience = { timeout: 100_000, interval: 100 }

/** For test files that need the model of meanings, which is loaded by the first of them that asks. */
export const slowly = { testTimeout: 120_000, hookTimeout: 120_000 }

export type Memory = {
  id: string
  content: string
  kind: string
  tags: string[]
  importance: number
  indexed: boolean
  lastRecalledAt: string | null
}

export type Recall = { score: number; memory: Memory }

const fields = 'id content kind tags importance indexed lastRecalledAt'

/** What was answered without an error. */
export const accepted = async (asked: Promise<Answer>): Promise<Answer['data']> => {
  const { data, errors } = await asked
  expect(errors).toBeUndefined()
  return data
}

export const rememberOperation = `mutation ($input: RememberInput!) { remember(input: $input) { ${fields} } }`

/** Remembers something. */
export const remember = async (
  client: TestClient,
  content: string,
  rest: Record<string, unknown> = {},
): Promise<Memory> =>
  (await accepted(client.query(rememberOperation, { input: { content, ...rest } }))).remember as Memory

export const rememberManyOperation = `mutation ($input: RememberManyInput!) {
  rememberMany(input: $input) { ${fields} }
}`

/** Remembers several things. */
export const rememberMany = async (
  client: TestClient,
  memories: readonly Record<string, unknown>[],
  rest: Record<string, unknown> = {},
): Promise<Memory[]> =>
  (await accepted(client.query(rememberManyOperation, { input: { memories, ...rest } }))).rememberMany as Memory[]

export const recallOperation = `query ($query: String!, $first: Int, $kinds: [MemoryKind!], $minScore: Float) {
  recall(query: $query, first: $first, kinds: $kinds, minScore: $minScore) { score memory { ${fields} } }
}`

/** Recalls by meaning. */
export const recall = async (
  client: TestClient,
  query: string,
  rest: Record<string, unknown> = {},
): Promise<Recall[]> => (await accepted(client.query(recallOperation, { query, ...rest }))).recall as Recall[]

/** A memory, if the client may see it. */
export const memoryOf = async (client: TestClient, id: string): Promise<Memory | null> =>
  (await accepted(client.query(`query ($id: ID!) { memory(id: $id) { ${fields} } }`, { id }))).memory as Memory | null

/** Waits until `recall` can find a memory. */
export const indexed = (client: TestClient, id: string): Promise<void> =>
  vi.waitFor(async () => expect((await memoryOf(client, id))?.indexed).toBe(true), patience)

/** The words of all that a person remembers, newest first. */
export const contentsOf = async (client: TestClient, owner: string): Promise<string[]> => {
  const query = `query ($list: [_Any!]!) {
    _entities(representations: $list) { ... on User { memories(first: 100) { edges { node { content } } } } }
  }`
  const { _entities } = await accepted(client.query(query, { list: [{ __typename: 'User', id: owner }] }))
  return _entities[0].memories.edges.map(({ node }: { node: Memory }) => node.content) as string[]
}
