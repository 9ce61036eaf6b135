import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inheritedEnvironment, silentLogger, spawnChild } from '@codai/runtime'
import type { Child } from '@codai/runtime'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import { Pool } from 'undici'
import { BENCH_QUERY, composeBench } from './graph.ts'

const CONNECTIONS = 50
const USERS = 500
const WARM_UP_MS = 4_000
const MEASURED_MS = 10_000

type Measured = { readonly requests: number; readonly cpuMs: number; readonly bytes: number; readonly p99: number }

type Issuer = { readonly url: string; readonly tokens: readonly string[]; readonly stop: () => void }

/** An issuer of tokens, with the tokens of so many users that no two requests under way at once are of the same. */
const startIssuer = async (): Promise<Issuer> => {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA')
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'EdDSA', use: 'sig', kid: 'bench' }] })
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(keys)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sign = (user: number): Promise<string> =>
    new SignJWT({ sub: `user-${user}` })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'bench' })
      .setIssuer(url)
      .setAudience('codai')
      .setExpirationTime('1h')
      .sign(privateKey)
  const tokens = await Promise.all(Array.from({ length: USERS }, (_, user) => sign(user)))
  return { url, tokens, stop: () => server.close() }
}

const start = (file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Child =>
  spawnChild({
    name: file,
    command: process.execPath,
    args: ['--import', 'tsx', join(import.meta.dirname, file), ...args],
    env: { ...inheritedEnvironment(), NODE_ENV: 'production', ...env },
    logger: silentLogger,
  })

const cpuOf = async (usageUrl: string): Promise<number> => {
  const { cpuMs } = (await (await fetch(usageUrl)).json()) as { cpuMs: number }
  return cpuMs
}

/** Asks a gateway on fifty connections, each as soon as it was answered. */
const load = async (url: string, durationMs: number, tokens: readonly string[]): Promise<Omit<Measured, 'cpuMs'>> => {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections: CONNECTIONS })
  const body = JSON.stringify({ query: BENCH_QUERY })
  const end = performance.now() + durationMs
  const latencies: number[] = []
  let bytes = 0

  const ask = async (connection: number): Promise<void> => {
    for (let turn = 0; performance.now() < end; turn += 1) {
      const sentAt = performance.now()
      const authorization = `Bearer ${tokens[(connection + turn * CONNECTIONS) % tokens.length]}`
      const headers = { 'content-type': 'application/json', authorization }
      const response = await pool.request({ path: pathname, method: 'POST', headers, body })
      const answer = Buffer.from(await response.body.arrayBuffer())
      if (response.statusCode !== 200 || answer.includes('"errors"')) throw new Error(answer.toString().slice(0, 500))
      bytes = answer.length
      latencies.push(performance.now() - sentAt)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, connection) => ask(connection)))
  await pool.close()
  latencies.sort((one, other) => one - other)
  return { requests: latencies.length, bytes, p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0 }
}

const measure = async (gateway: Child, tokens: readonly string[]): Promise<Measured> => {
  const { url, usageUrl } = (await gateway.ready) as { readonly url: string; readonly usageUrl: string }
  await load(url, WARM_UP_MS, tokens)
  const before = await cpuOf(usageUrl)
  const measured = await load(url, MEASURED_MS, tokens)
  return { ...measured, cpuMs: (await cpuOf(usageUrl)) - before }
}

/**
 * Compares our gateway with plain `@apollo/gateway`, in turn and in one run, so that the ratio means the same on every
 * machine. Identical requests, and requests that differ in their `Authorization`.
 */
const main = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'))
  const issuer = await startIssuer()
  const subgraphs = start('subgraphs.ts', [])
  try {
    const file = join(folder, 'supergraph.graphql')
    await writeFile(file, composeBench((await subgraphs.ready) as Record<string, string>))
    for (const identical of [true, false]) {
      process.stdout.write(
        `\n${identical ? 'identical requests' : 'a different user each'}, ${CONNECTIONS} connections\n`,
      )
      for (const which of ['plain', 'ours']) {
        const gateway = start('gateway.ts', [which], {
          SUPERGRAPH_FILE: file,
          IDENTITY_SECRET: randomUUID(),
          ISSUER_URL: issuer.url,
        })
        const { requests, cpuMs, bytes, p99 } = await measure(
          gateway,
          identical ? issuer.tokens.slice(0, 1) : issuer.tokens,
        )
        await gateway.stop()
        const perSecond = (requests / MEASURED_MS) * 1000
        process.stdout.write(
          `  ${which.padEnd(6)} ${perSecond.toFixed(0).padStart(6)} requests/s  ${(cpuMs / requests).toFixed(2).padStart(6)} ms of CPU each  ` +
            `99th percentile ${p99.toFixed(0)} ms  answers of ${bytes} bytes\n`,
        )
      }
    }
  } finally {
    await subgraphs.stop()
    issuer.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
