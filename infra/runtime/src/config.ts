import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isatty } from 'node:tty'
import { environmentSchema } from './config-schema.ts'
import { CONFIG_VARIABLES } from './config-variables.ts'
import type { Config, ConfigVariable } from './config-variables.ts'

export { CONFIG_VARIABLES } from './config-variables.ts'
export type { AiEndpoint, Config, ConfigVariable } from './config-variables.ts'

/** Why a process cannot start as configured; the message tells the person who starts it what to change. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
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

/** Reads the configuration. An empty variable counts as unset. Throws `ConfigError` that lists every bad variable. */
export const readConfig = (env: Readonly<Record<string, string | undefined>> = process.env): Config => {
  const given = Object.fromEntries(Object.entries(env).filter(([, text]) => text !== undefined && text.trim() !== ''))
  const parsed = environmentSchema.safeParse(given)
  if (!parsed.success) {
    const bad = new Set(parsed.error.issues.map(({ path }) => String(path[0])))
    throw new ConfigError(
      describe(CONFIG_VARIABLES.filter(({ name }) => bad.has(name)).map((variable) => complaint(variable, given))),
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
    gatewayUrl: values.GATEWAY_URL ?? `http://127.0.0.1:${gatewayPort}`,
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
    overrideLabels: values.OVERRIDE_LABELS ?? [],
    engine: values.ENGINE ?? 'codai',
    aiEndpoints: values.AI_ENDPOINTS ?? [],
    vectorsUri: values.VECTORS_URI,
    trustProxy: values.TRUST_PROXY ?? [],
    rateLimit: values.RATE_LIMIT ?? 20_000,
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

/** The environment that a child process inherits, before what its parent adds. */
export const inheritedEnvironment = (): Readonly<Record<string, string | undefined>> => ({ ...process.env })
