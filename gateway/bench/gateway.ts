import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloGateway } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { announceReady, createLifecycle, exitWithParent, readConfig, requireConfig, silentLogger } from '@codai/runtime'
import Fastify from 'fastify'
import { startGateway } from '../src/index.ts'

/** One gateway of the benchmark as a process: ours, or plain `@apollo/gateway`; and what it has used of the processor. */
const startOurs = async (): Promise<string> => {
  const lifecycle = createLifecycle({ logger: silentLogger })
  const { url } = await startGateway({ config: { ...readConfig(), gatewayPort: 0 }, logger: silentLogger, lifecycle })
  lifecycle.markReady()
  return `${url}/graphql`
}

const startPlain = async (): Promise<string> => {
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

const url = process.argv[2] === 'plain' ? await startPlain() : await startOurs()
const usage = createServer((_request, response) => {
  const { user, system } = process.cpuUsage()
  response.end(JSON.stringify({ cpuMs: (user + system) / 1000 }))
})
await new Promise<void>((resolve) => usage.listen(0, '127.0.0.1', resolve))
exitWithParent(() => {})
announceReady({ url, usageUrl: `http://127.0.0.1:${(usage.address() as AddressInfo).port}` })
