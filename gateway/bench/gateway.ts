import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { announceReady, createLifecycle, exitWithParent, readConfig, requireConfig, silentLogger } from '@codai/runtime'
import Fastify from 'fastify'
import { startGateway } from '../src/index.ts'
import { watchBlocks } from './blocks.ts'
import type { Block } from './blocks.ts'
import { startHive } from './hive.ts'

/** One gateway of the benchmark as a process, with what it has used of the processor. */
const startOurs = async (): Promise<string> => {
  const lifecycle = createLifecycle({ logger: silentLogger })
  const { url } = await startGateway({ config: { ...readConfig(), gatewayPort: 0 }, logger: silentLogger, lifecycle })
  lifecycle.markReady()
  return `${url}/graphql`
}

const startPlain = async (): Promise<string> => {
  // Loaded only here: it brings the planner into this thread, which ours does not have there.
  const { ApolloGateway } = await import('@apollo/gateway')
  const supergraphSdl = await readFile(requireConfig(readConfig(), 'supergraphFile'), 'utf8')
  const apollo = new ApolloServer({
    gateway: new ApolloGateway({ supergraphSdl, logger: silentLogger }),
    logger: silentLogger,
  })
  await apollo.start()
  const app = Fastify()
  app.post('/graphql', fastifyApolloHandler(apollo))
  return `${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`
}

const startNamed = (name: string | undefined, args: readonly string[]): Promise<string> => {
  if (name === 'plain') return startPlain()
  if (name === 'hive') return startHive(requireConfig(readConfig(), 'supergraphFile'), args)
  return startOurs()
}

const [name, ...args] = process.argv.slice(2)
const url = await startNamed(name, args)
let takeBlock: (() => Block) | undefined
const usage = createServer((request, response) => {
  if (request.url === '/block') {
    takeBlock ??= watchBlocks()
    response.end(JSON.stringify(takeBlock()))
    return
  }
  const { user, system } = process.cpuUsage()
  response.end(JSON.stringify({ cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() }))
})
await new Promise<void>((resolve) => usage.listen(0, '127.0.0.1', resolve))
exitWithParent(() => {})
announceReady({ url, usageUrl: `http://127.0.0.1:${(usage.address() as AddressInfo).port}` })
// By way of an exit, at which Node writes its profiles.
process.once('SIGTERM', () => process.exit())
