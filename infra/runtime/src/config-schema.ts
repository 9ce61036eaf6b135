import proxyAddr from '@fastify/proxy-addr'
import { z } from 'zod'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const TRUE = new Set(['true', '1', 'yes', 'on'])
const FALSE = new Set(['false', '0', 'no', 'off'])

const integer = (least: number, most: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most))

const flag: z.ZodType<boolean> = z
  .string()
  .toLowerCase()
  .refine((text) => TRUE.has(text) || FALSE.has(text))
  .transform((text) => TRUE.has(text))

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)

// Store URLs may name several hosts, which the WHATWG parser refuses: the client of each store judges the rest.
const storeUrl = (...schemes: string[]): z.ZodType<string> =>
  z.string().regex(new RegExp(`^(${schemes.join('|').replaceAll('+', '\\+')})://[^\\s/]+`, 'u'))

const httpUrl: z.ZodType<string> = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))
  .transform((text) => text.replace(/\/+$/, ''))

const targets: z.ZodType<string[]> = z
  .string()
  .transform(list)
  .refine((names) => names.length > 0 && names.every((name) => /^[a-z][a-z0-9-]*$/.test(name)))
  .refine((names) => names.length === 1 || !names.some((name) => name === 'all' || name === 'gateway'))

const key32: z.ZodType<Uint8Array> = z
  .string()
  .refine((text) => /^[0-9a-f]{64}$/i.test(text) || /^[A-Za-z0-9+/_-]{43}=?$/.test(text))
  .transform((text) => new Uint8Array(Buffer.from(text, text.length === 64 ? 'hex' : 'base64')))

const proxies: z.ZodType<string[]> = z
  .string()
  .transform(list)
  .refine((names) => {
    try {
      proxyAddr.compile(names)
      return true
    } catch {
      return false
    }
  })

const price = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,2})?$/)
  .transform((text) => Number(text).toFixed(2))

const aiEndpoint = z
  .strictObject({
    // `codai` is the built-in one.
    name: z.string().regex(/^(?!codai$)[a-z][a-z0-9-]{0,30}$/),
    url: httpUrl,
    key: z.string().min(1).optional(),
    chatModel: z.string().min(1).max(100).optional(),
    embeddingModel: z.string().min(1).max(100).optional(),
    contextWindow: z.number().int().min(100).max(10_000_000).default(8_000),
    inputPrice: price.default('0.00'),
    outputPrice: price.default('0.00'),
  })
  .refine(({ chatModel, embeddingModel }) => chatModel !== undefined || embeddingModel !== undefined)

const parsedJson = (text: string, context: z.RefinementCtx): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('not JSON')
    return z.NEVER
  }
}

const aiEndpoints = z
  .string()
  .transform(parsedJson)
  .pipe(z.array(aiEndpoint).refine((all) => new Set(all.map(({ name }) => name)).size === all.length))

/** The environment as it is given: every variable checked on its own, defaults not yet filled in. */
export const environmentSchema = z.object({
  TARGET: targets.optional(),
  HOST: z.string().optional(),
  GATEWAY_PORT: integer(0, 65_535).optional(),
  GATEWAY_URL: httpUrl.optional(),
  PUBLIC_URL: httpUrl.optional(),
  SUPERGRAPH_FILE: z.string().optional(),
  SUBGRAPH_HOST_TEMPLATE: z
    .string()
    .refine((text) => URL.canParse(text.replaceAll('{name}', 'name').replaceAll('{port}', '80')))
    .optional(),
  PORT_OFFSET: integer(-3000, 60_000).optional(),
  DATA_DIR: z.string().optional(),
  DATABASE_URL: storeUrl('postgres', 'postgresql').optional(),
  MONGODB_URL: storeUrl('mongodb', 'mongodb+srv').optional(),
  REDIS_URL: storeUrl('redis', 'rediss').optional(),
  EVM_RPC_URL: storeUrl('http', 'https', 'ws', 'wss').optional(),
  VECTORS_URI: z.string().optional(),
  AI_ENDPOINTS: aiEndpoints.optional(),
  IDENTITY_SECRET: z.string().min(32).optional(),
  ISSUER_URL: httpUrl.optional(),
  JWKS_URL: httpUrl.optional(),
  WALLET_KEY: key32.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).optional(),
  LOG_PRETTY: flag.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  NODE_ENV: z.enum(['development', 'production', 'test']).optional(),
  SEED: flag.optional(),
  CORS_ORIGINS: z.string().transform(list).optional(),
  OVERRIDE_LABELS: z.string().transform(list).optional(),
  ENGINE: z.enum(['codai', 'reference']).optional(),
  TRUST_PROXY: proxies.optional(),
  RATE_LIMIT: integer(0, 1_000_000_000).optional(),
  BODY_LIMIT_BYTES: integer(1, Number.MAX_SAFE_INTEGER).optional(),
})
