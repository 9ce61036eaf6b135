import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isatty } from 'node:tty'
import { z } from 'zod'
import type { LogLevel } from './logs.ts'

/** Why a process cannot start as configured; the message tells the person who starts it what to change. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export type Config = {
  readonly target: readonly string[]
  readonly host: string
  readonly gatewayPort: number
  readonly publicUrl: string
  readonly supergraphFile: string
  readonly subgraphHostTemplate: string
  readonly portOffset: number
  readonly dataDir: string
  readonly databaseUrl?: string | undefined
  readonly mongodbUrl?: string | undefined
  readonly redisUrl?: string | undefined
  readonly evmRpcUrl?: string | undefined
  readonly identitySecret?: string | undefined
  readonly issuerUrl: string
  readonly jwksUrl?: string | undefined
  /** The 32 bytes themselves. */
  readonly walletKey?: Uint8Array | undefined
  readonly logLevel: LogLevel
  readonly logPretty: boolean
  readonly otelExporterOtlpEndpoint?: string | undefined
  readonly nodeEnv: 'development' | 'production' | 'test'
  readonly seed: boolean
  readonly corsOrigins: readonly string[]
  readonly bodyLimitBytes: number
}

export type ConfigVariable = {
  readonly name: string
  readonly field: keyof Config
  readonly meaning: string
  /** The default in words; absent where there is none. */
  readonly default?: string
  /** A good value, shown when a bad one was given. */
  readonly example: string
  /** Never shown, not even when it is wrong. */
  readonly secret?: true
}

const findRepositoryRoot = (): string => {
  // A bundle is not at the source's depth, so the root is looked for and not counted.
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder
  }
  return process.cwd()
}

/** The folder that holds gateway/, subgraphs/ and the rest. */
export const repositoryRoot: string = findRepositoryRoot()

/** Every variable that is read: the documentation and the error messages come from here. */
export const CONFIG_VARIABLES: readonly ConfigVariable[] = [
  {
    name: 'TARGET',
    field: 'target',
    meaning: "What this process runs: 'all', 'gateway', or names of services",
    default: 'all',
    example: 'bancai,wallet',
  },
  { name: 'HOST', field: 'host', meaning: 'The address to listen on', default: '127.0.0.1', example: '0.0.0.0' },
  { name: 'GATEWAY_PORT', field: 'gatewayPort', meaning: "The gateway's port", default: '8080', example: '8081' },
  {
    name: 'PUBLIC_URL',
    field: 'publicUrl',
    meaning: 'Where people reach the gateway',
    default: 'http://localhost:GATEWAY_PORT',
    example: 'https://codai.example',
  },
  {
    name: 'SUPERGRAPH_FILE',
    field: 'supergraphFile',
    meaning: 'The composed supergraph, a path from the repository root',
    default: 'schema/supergraph.graphql',
    example: 'schema/supergraph.graphql',
  },
  {
    name: 'SUBGRAPH_HOST_TEMPLATE',
    field: 'subgraphHostTemplate',
    meaning: 'How a process reaches a service; {name} and {port} are filled in',
    default: 'http://127.0.0.1:{port}',
    example: 'http://{name}:{port}',
  },
  {
    name: 'PORT_OFFSET',
    field: 'portOffset',
    meaning: "A number added to every service's port, to run beside another system",
    default: '0',
    example: '10000',
  },
  {
    name: 'DATA_DIR',
    field: 'dataDir',
    meaning: 'Where the embedded stores keep their files, a path from the repository root',
    default: '.codai',
    example: '/var/lib/codai',
  },
  {
    name: 'DATABASE_URL',
    field: 'databaseUrl',
    meaning: 'A PostgreSQL server to use in place of the embedded one',
    example: 'postgresql://user:password@localhost:5432/codai',
    secret: true,
  },
  {
    name: 'MONGODB_URL',
    field: 'mongodbUrl',
    meaning: 'A MongoDB server to use in place of the embedded one',
    example: 'mongodb://localhost:27017/codai',
    secret: true,
  },
  {
    name: 'REDIS_URL',
    field: 'redisUrl',
    meaning: 'A Redis server to use in place of memory',
    example: 'redis://localhost:6379',
    secret: true,
  },
  {
    name: 'EVM_RPC_URL',
    field: 'evmRpcUrl',
    meaning: 'An EVM JSON-RPC endpoint to use in place of the chain in this process',
    example: 'http://localhost:8545',
    secret: true,
  },
  {
    name: 'IDENTITY_SECRET',
    field: 'identitySecret',
    meaning: 'The secret that signs identities between the processes, 32 characters or more',
    example: 'the output of: openssl rand -base64 48',
    secret: true,
  },
  {
    name: 'ISSUER_URL',
    field: 'issuerUrl',
    meaning: "logai's public base URL, the issuer of tokens",
    default: 'http://localhost:(3002 + PORT_OFFSET)',
    example: 'https://login.codai.example',
  },
  {
    name: 'JWKS_URL',
    field: 'jwksUrl',
    meaning: 'Where the keys that verify tokens are read, when not from the issuer',
    example: 'http://logai:3002/jwks.json',
  },
  {
    name: 'WALLET_KEY',
    field: 'walletKey',
    meaning: 'The master key of wallets: 32 bytes as hexadecimal or base64',
    example: 'the output of: openssl rand -hex 32',
    secret: true,
  },
  {
    name: 'LOG_LEVEL',
    field: 'logLevel',
    meaning: 'The least severe entries to log: trace, debug, info, warn, error, fatal or silent',
    default: 'info',
    example: 'debug',
  },
  {
    name: 'LOG_PRETTY',
    field: 'logPretty',
    meaning: 'Log lines for people (true) or JSON (false)',
    default: 'true at a terminal',
    example: 'false',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    field: 'otelExporterOtlpEndpoint',
    meaning: 'Where traces are sent (OTLP over HTTP)',
    example: 'http://localhost:4318',
  },
  {
    name: 'NODE_ENV',
    field: 'nodeEnv',
    meaning: 'development, production or test',
    default: 'development',
    example: 'production',
  },
  {
    name: 'SEED',
    field: 'seed',
    meaning: 'Whether demo data is written once',
    default: 'true, except in production',
    example: 'false',
  },
  {
    name: 'CORS_ORIGINS',
    field: 'corsOrigins',
    meaning: 'Other origins whose pages may call the gateway',
    default: 'none',
    example: 'https://studio.apollographql.com,https://app.example',
  },
  {
    name: 'BODY_LIMIT_BYTES',
    field: 'bodyLimitBytes',
    meaning: 'The largest request body that is accepted, in bytes',
    default: '1000000',
    example: '2000000',
  },
]

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

const environment = z.object({
  TARGET: targets.optional(),
  HOST: z.string().optional(),
  GATEWAY_PORT: integer(0, 65_535).optional(),
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
  BODY_LIMIT_BYTES: integer(1, Number.MAX_SAFE_INTEGER).optional(),
})

/** Reads the configuration. An empty variable counts as unset. Throws `ConfigError` that lists every bad variable. */
export const readConfig = (env: Readonly<Record<string, string | undefined>> = process.env): Config => {
  const given = Object.fromEntries(Object.entries(env).filter(([, text]) => text !== undefined && text.trim() !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const bad = new Set(parsed.error.issues.map(({ path }) => String(path[0])))
    throw new ConfigError(
      describe(CONFIG_VARIABLES.filter(({ name }) => bad.has(name)).map((v) => complaint(v, given))),
    )
  }

  const values = parsed.data
  const gatewayPort = values.GATEWAY_PORT ?? 8080
  const portOffset = values.PORT_OFFSET ?? 0
  const nodeEnv = values.NODE_ENV ?? 'development'
  return {
    target: values.TARGET ?? ['all'],
    host: values.HOST ?? '127.0.0.1',
    gatewayPort,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${gatewayPort}`,
    supergraphFile: resolve(repositoryRoot, values.SUPERGRAPH_FILE ?? 'schema/supergraph.graphql'),
    subgraphHostTemplate: values.SUBGRAPH_HOST_TEMPLATE ?? 'http://127.0.0.1:{port}',
    portOffset,
    dataDir: resolve(repositoryRoot, values.DATA_DIR ?? '.codai'),
    databaseUrl: values.DATABASE_URL,
    mongodbUrl: values.MONGODB_URL,
    redisUrl: values.REDIS_URL,
    evmRpcUrl: values.EVM_RPC_URL,
    identitySecret: values.IDENTITY_SECRET,
    issuerUrl: values.ISSUER_URL ?? `http://localhost:${3002 + portOffset}`,
    jwksUrl: values.JWKS_URL,
    walletKey: values.WALLET_KEY,
    logLevel: values.LOG_LEVEL ?? 'info',
    logPretty: values.LOG_PRETTY ?? isatty(1),
    otelExporterOtlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    nodeEnv,
    seed: values.SEED ?? nodeEnv !== 'production',
    corsOrigins: values.CORS_ORIGINS ?? [],
    bodyLimitBytes: values.BODY_LIMIT_BYTES ?? 1_000_000,
  }
}

/** The value of a variable that this process cannot do without. Throws `ConfigError` when it is not set. */
export const requireConfig = <Field extends keyof Config>(
  config: Config,
  field: Field,
): Exclude<Config[Field], undefined> => {
  const value = config[field]
  if (isSet(value)) return value
  const variable = CONFIG_VARIABLES.find((candidate) => candidate.field === field)
  throw new ConfigError(describe(variable ? [complaint(variable, {})] : [`${field} is not set`]))
}

const isSet = <T>(value: T): value is Exclude<T, undefined> => value !== undefined

const describe = (complaints: readonly string[]): string =>
  ['The configuration is not usable:', ...complaints.map((line) => `  - ${line}`)].join('\n')

const complaint = (variable: ConfigVariable, given: Readonly<Record<string, string | undefined>>): string =>
  `${variable.name} (${variable.meaning}): ${whatWasGiven(variable, given[variable.name])}; a good value: ${variable.example}`

const whatWasGiven = ({ secret }: ConfigVariable, text: string | undefined): string => {
  if (text === undefined) return 'not set, and needed'
  return secret ? `the value given, not shown, has ${text.length} characters and is not usable` : `"${text}" was given`
}
