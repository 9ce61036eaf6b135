import { isAbsolute, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CONFIG_VARIABLES, ConfigError, readConfig, repositoryRoot, requireConfig } from './config.ts'

const messageOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('readConfig', () => {
  test('an empty environment gives a system that starts by itself', () => {
    expect(readConfig({})).toMatchObject({
      target: ['all'],
      host: '127.0.0.1',
      gatewayPort: 8080,
      publicUrl: 'http://localhost:8080',
      supergraphFile: join(repositoryRoot, 'schema/supergraph.graphql'),
      subgraphHostTemplate: 'http://127.0.0.1:{port}',
      portOffset: 0,
      dataDir: join(repositoryRoot, '.codai'),
      issuerUrl: 'http://localhost:3002',
      logLevel: 'info',
      nodeEnv: 'development',
      seed: true,
      corsOrigins: [],
      overrideLabels: [],
      bodyLimitBytes: 1_000_000,
    })
  })

  test('defaults follow the values they depend on', () => {
    const config = readConfig({ GATEWAY_PORT: '9000', PORT_OFFSET: '100', NODE_ENV: 'production' })
    expect(config).toMatchObject({
      publicUrl: 'http://localhost:9000',
      issuerUrl: 'http://localhost:3102',
      seed: false,
    })
  })

  test('lists are split, flags and numbers are read, paths start at the repository root', () => {
    const config = readConfig({
      TARGET: 'bancai, wallet,x',
      CORS_ORIGINS: 'https://a.example,https://b.example',
      SEED: 'no',
      LOG_PRETTY: 'TRUE',
      BODY_LIMIT_BYTES: '2000',
      DATA_DIR: 'elsewhere',
      PUBLIC_URL: 'https://codai.example/',
    })
    expect(config).toMatchObject({
      target: ['bancai', 'wallet', 'x'],
      corsOrigins: ['https://a.example', 'https://b.example'],
      seed: false,
      logPretty: true,
      bodyLimitBytes: 2000,
      dataDir: join(repositoryRoot, 'elsewhere'),
      publicUrl: 'https://codai.example',
    })
  })

  test('an empty variable counts as unset', () => {
    expect(readConfig({ GATEWAY_PORT: '', DATABASE_URL: ' ' })).toMatchObject({
      gatewayPort: 8080,
      databaseUrl: undefined,
    })
  })

  test('the wallet key is the same 32 bytes in hexadecimal and in base64', () => {
    const bytes = new Uint8Array(Array.from({ length: 32 }, (_, index) => index * 7))
    expect(readConfig({ WALLET_KEY: Buffer.from(bytes).toString('hex') }).walletKey).toEqual(bytes)
    expect(readConfig({ WALLET_KEY: Buffer.from(bytes).toString('base64') }).walletKey).toEqual(bytes)
  })

  test('a replica set of several hosts is a good document store URL', () => {
    const url = 'mongodb://one:27017,two:27017/codai?replicaSet=rs0'
    expect(readConfig({ MONGODB_URL: url }).mongodbUrl).toBe(url)
  })

  test('endpoints of models are read from JSON, with what they leave out filled in', () => {
    const endpoint = { name: 'here', url: 'http://localhost:11434/v1/', chatModel: 'small' }
    expect(readConfig({ AI_ENDPOINTS: JSON.stringify([endpoint]) }).aiEndpoints).toEqual([
      {
        ...endpoint,
        url: 'http://localhost:11434/v1',
        contextWindow: 8_000,
        inputPrice: '0.00',
        outputPrice: '0.00',
      },
    ])
    for (const bad of [
      '{',
      '{}',
      '[{}]',
      JSON.stringify([endpoint, endpoint]),
      JSON.stringify([{ ...endpoint, name: 'codai' }]),
    ])
      expect(messageOf(() => readConfig({ AI_ENDPOINTS: bad }))).toContain('AI_ENDPOINTS')
  })

  test('proxies are addresses, networks, or names of such', () => {
    const trusted = ['loopback', '10.0.0.0/8', 'fd00::1']
    expect(readConfig({ TRUST_PROXY: trusted.join(', ') }).trustProxy).toEqual(trusted)
    for (const bad of ['everybody', '10.0.0.0/99', 'true']) {
      expect(messageOf(() => readConfig({ TRUST_PROXY: bad }))).toContain('TRUST_PROXY')
    }
  })

  test('every bad variable is listed with its meaning, what was given and a good value', () => {
    const message = messageOf(() => readConfig({ GATEWAY_PORT: 'eighty', LOG_LEVEL: 'loud', SEED: 'false' }))
    expect(message).toContain(`GATEWAY_PORT (The gateway's port): "eighty" was given; a good value: 8081`)
    expect(message).toContain('LOG_LEVEL')
    expect(message).toContain('"loud" was given')
    expect(message).not.toContain('SEED')
  })

  test('secrets are not echoed', () => {
    const message = messageOf(() =>
      readConfig({ IDENTITY_SECRET: 'too-short', DATABASE_URL: 'mysql://root:hunter2@db', WALLET_KEY: 'abcdef' }),
    )
    for (const name of ['IDENTITY_SECRET', 'DATABASE_URL', 'WALLET_KEY']) expect(message).toContain(name)
    for (const secret of ['too-short', 'hunter2', 'abcdef']) expect(message).not.toContain(secret)
  })

  test('the gateway and "all" are not mixed with other targets', () => {
    expect(messageOf(() => readConfig({ TARGET: 'gateway,bancai' }))).toContain('TARGET')
    expect(messageOf(() => readConfig({ TARGET: 'all,bancai' }))).toContain('TARGET')
    expect(readConfig({ TARGET: 'gateway' }).target).toEqual(['gateway'])
  })
})

describe('requireConfig', () => {
  test('gives the value that is set', () => {
    const config = readConfig({ IDENTITY_SECRET: 's'.repeat(32) })
    expect(requireConfig(config, 'identitySecret')).toBe('s'.repeat(32))
  })

  test('says which variable is missing and how to make one', () => {
    const message = messageOf(() => requireConfig(readConfig({}), 'identitySecret'))
    expect(message).toContain('IDENTITY_SECRET')
    expect(message).toContain('not set, and needed')
    expect(message).toContain('openssl rand')
  })
})

describe('CONFIG_VARIABLES', () => {
  test('documents every field of the configuration, under its name in camel case', () => {
    const camelCase = (name: string): string =>
      name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
    for (const { name, field } of CONFIG_VARIABLES) expect(field).toBe(camelCase(name))
    expect(CONFIG_VARIABLES.map(({ field }) => field).sort()).toEqual(Object.keys(readConfig({})).sort())
  })

  test('its examples of plain variables are good values', () => {
    for (const { name, example, secret } of CONFIG_VARIABLES) {
      if (secret && example.startsWith('the output of')) continue
      expect(() => readConfig({ [name]: example })).not.toThrow()
    }
  })
})

test('the repository root is an absolute path', () => {
  expect(isAbsolute(repositoryRoot)).toBe(true)
})
