import { randomUUID } from 'node:crypto'
import type { Answer, TestClient } from '../_kit/testing/index.ts'

export type TestKey = { id: string; secret: string }

/** What a developer does, in one call each; anything that is refused fails the test. */
export const createDeveloper = (client: TestClient) => {
  const done = async (document: string, variables: Record<string, unknown>): Promise<Answer['data']> => {
    const { data, errors } = await client.query(document, variables)
    if (errors) throw new Error(JSON.stringify(errors))
    return data
  }

  return {
    client,
    app: async (name = 'An app'): Promise<string> => {
      const input = { name, idempotencyKey: randomUUID() }
      const data = await done('mutation ($input: CreateAppInput!) { createApp(input: $input) { id } }', { input })
      return data.createApp.id as string
    },
    key: async (app: string, wish: Record<string, unknown> = {}): Promise<TestKey> => {
      const input = { app, name: 'A key', idempotencyKey: randomUUID(), ...wish }
      const document = 'mutation ($input: IssueKeyInput!) { issueKey(input: $input) { secret key { id } } }'
      const { issueKey } = await done(document, { input })
      return { id: issueKey.key.id as string, secret: issueKey.secret as string }
    },
    rotate: async (key: string, graceSeconds: number): Promise<TestKey> => {
      const input = { key, graceSeconds, idempotencyKey: randomUUID() }
      const document = 'mutation ($input: RotateKeyInput!) { rotateKey(input: $input) { secret key { id } } }'
      const { rotateKey } = await done(document, { input })
      return { id: rotateKey.key.id as string, secret: rotateKey.secret as string }
    },
    revoke: (key: string): Promise<Answer['data']> =>
      done('mutation ($key: ID!) { revokeKey(key: $key) { status } }', { key }),
    operation: async (app: string, document = `query Q${randomUUID().slice(0, 8)} { plans { id } }`) => {
      const input = { app, name: 'An operation', document }
      const data = await done(
        'mutation ($input: RegisterOperationInput!) { registerOperation(input: $input) { id hash } }',
        { input },
      )
      return data.registerOperation as { id: string; hash: string }
    },
  }
}
