import { IDENTITY_HEADER, createIdentitySigner } from '@codai/runtime'
import { z } from 'zod'

/** The service that knows keys, by its name in the supergraph. */
export const KEY_SERVICE = 'publicai'

/** What a key may do. */
export type Grant = z.infer<typeof grantSchema>

/** What one key was used for in one minute, for one operation. */
export type UsageEntry = {
  readonly key: string
  readonly operation: string
  readonly at: Date
  readonly requests: number
  readonly cost: number
  readonly errors: number
  readonly refused: number
}

/** What the gateway asks of the service that knows keys. Everything throws while the service does not answer. */
export type KeyService = {
  /** What a key may do, by its digest; undefined when there is no such key. */
  readonly grant: (digest: string) => Promise<Grant | undefined>
  /** The text of a document that an app registered. */
  readonly document: (app: string, hash: string) => Promise<string | undefined>
  /** Counts a batch of use; the same batch is counted once. */
  readonly record: (batch: string, entries: readonly UsageEntry[]) => Promise<void>
}

const SERVICE_LIFE_SECONDS = 60

const grantSchema = z.object({
  key: z.string(),
  app: z.string(),
  scopes: z.array(z.enum(['READ', 'LIVE'])),
  trustedOnly: z.boolean(),
  status: z.enum(['ACTIVE', 'EXPIRED', 'REVOKED']),
  expiresAt: z
    .string()
    .nullish()
    .transform((text) => (text == null ? undefined : Date.parse(text))),
  plan: z.object({ id: z.string(), burst: z.number(), pointsPerSecond: z.number(), maxOperationCost: z.number() }),
})

const GRANT = `query ApiKeyGrant($digest: String!) {
  apiKeyGrant(digest: $digest) {
    key app scopes trustedOnly status expiresAt
    plan { id burst pointsPerSecond maxOperationCost }
  }
}`
const DOCUMENT = 'query TrustedDocument($app: ID!, $hash: String!) { trustedDocument(app: $app, hash: $hash) }'
const RECORD = 'mutation RecordApiUsage($input: RecordApiUsageInput!) { recordApiUsage(input: $input) }'

export type KeyServiceOptions = {
  /** Where the service is now; undefined where the graph has none. */
  readonly url: () => string | undefined
  readonly secret: string
  /** How long an answer may take, in milliseconds. */
  readonly budgetMs?: number
}

/** Asks the service that knows keys, through its schema and as the gateway itself. */
export const createKeyService = ({ url, secret, budgetMs = 3_000 }: KeyServiceOptions): KeyService => {
  const signer = createIdentitySigner({ secret, issuer: 'gateway' })
  let signed: { readonly token: Promise<string>; readonly staleAt: number } | undefined

  const identity = (): Promise<string> => {
    if (!signed || signed.staleAt <= Date.now()) {
      const token = signer.sign({ kind: 'service', service: 'gateway' }, SERVICE_LIFE_SECONDS)
      signed = { token, staleAt: Date.now() + (SERVICE_LIFE_SECONDS * 1_000) / 2 }
    }
    return signed.token
  }

  const ask = async <Data>(query: string, variables: object, shape: z.ZodType<Data>): Promise<Data> => {
    const address = url()
    if (address === undefined) throw new Error(`the graph has no ${KEY_SERVICE}`)
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [IDENTITY_HEADER]: await identity() },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(budgetMs),
    })
    const answer = z
      .object({ data: z.unknown(), errors: z.unknown() })
      .partial()
      .parse(await response.json())
    if (answer.errors !== undefined) throw new Error(`${KEY_SERVICE} answered ${JSON.stringify(answer.errors)}`)
    return shape.parse(answer.data)
  }

  return {
    grant: async (digest) => {
      const { apiKeyGrant } = await ask(GRANT, { digest }, z.object({ apiKeyGrant: grantSchema.nullable() }))
      return apiKeyGrant ?? undefined
    },
    document: async (app, hash) => {
      const shape = z.object({ trustedDocument: z.string().nullable() })
      const { trustedDocument } = await ask(DOCUMENT, { app, hash }, shape)
      return trustedDocument ?? undefined
    },
    record: async (batch, entries) => {
      await ask(RECORD, { input: { batch, entries } }, z.object({ recordApiUsage: z.literal(true) }))
    },
  }
}
