import type { LogLevel } from './logs.ts'

/** An endpoint that speaks OpenAI's protocol. */
export type AiEndpoint = {
  /** What its models are listed under. */
  readonly name: string
  /** Its base, such as `https://api.openai.com/v1`. */
  readonly url: string
  readonly key?: string | undefined
  readonly chatModel?: string | undefined
  readonly embeddingModel?: string | undefined
  /** The most tokens of input and output together. */
  readonly contextWindow: number
  /** In EUR for a million tokens, with at most two decimals. */
  readonly inputPrice: string
  readonly outputPrice: string
}

export type Config = {
  readonly target: readonly string[]
  readonly host: string
  readonly gatewayPort: number
  readonly gatewayUrl: string
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
  /** Progressive overrides (`@override(label:)`) that hold, besides those by percentage. */
  readonly overrideLabels: readonly string[]
  readonly bodyLimitBytes: number
  readonly engine: 'codai' | 'reference'
  /** In the order in which they are tried. */
  readonly aiEndpoints: readonly AiEndpoint[]
  /** Where vectors are kept, when not under `dataDir`. */
  readonly vectorsUri?: string | undefined
  /** The proxies whose word is taken for where a request comes from. */
  readonly trustProxy: readonly string[]
  readonly rateLimit: number
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
    name: 'GATEWAY_URL',
    field: 'gatewayUrl',
    meaning: 'How services reach the gateway',
    default: 'http://127.0.0.1:GATEWAY_PORT',
    example: 'http://gateway:8080',
  },
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
    name: 'VECTORS_URI',
    field: 'vectorsUri',
    meaning: 'Object storage, or a folder, for vectors in place of one under DATA_DIR',
    example: 's3://bucket/vectors',
  },
  {
    name: 'AI_ENDPOINTS',
    field: 'aiEndpoints',
    meaning:
      "Endpoints that speak OpenAI's protocol, as JSON, tried in this order before the built-in models; prices in EUR for a million tokens",
    default: 'none',
    example:
      '[{"name":"openai","url":"https://api.openai.com/v1","key":"…","chatModel":"gpt-5-mini","contextWindow":400000,"inputPrice":"0.25","outputPrice":"2.00"}]',
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
    name: 'OVERRIDE_LABELS',
    field: 'overrideLabels',
    meaning: 'Labels of @override whose fields have moved to their new subgraph',
    default: 'none; percent(n) holds for n of a hundred callers by itself',
    example: 'new-billing,new-search',
  },
  {
    name: 'BODY_LIMIT_BYTES',
    field: 'bodyLimitBytes',
    meaning: 'The largest request body that is accepted, in bytes',
    default: '1000000',
    example: '2000000',
  },
  {
    name: 'ENGINE',
    field: 'engine',
    meaning: "What runs query plans in the gateway: 'codai', or 'reference' for that of Apollo's gateway",
    default: 'codai',
    example: 'reference',
  },
  {
    name: 'TRUST_PROXY',
    field: 'trustProxy',
    meaning:
      'The proxies before the gateway whose X-Forwarded-For is believed: addresses, networks, or loopback, linklocal, uniquelocal',
    default: 'none; behind a proxy all who are not signed in then share its limits',
    example: 'loopback,10.0.0.0/8',
  },
  {
    name: 'RATE_LIMIT',
    field: 'rateLimit',
    meaning: 'How many points of query cost a person, or an address without one, gets back each second; 0 for no limit',
    default: '20000',
    example: '5000',
  },
]
