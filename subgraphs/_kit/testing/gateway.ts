import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startGateway } from '@codai/gateway'
import { silentLogger } from '@codai/runtime'
import type { Config, Lifecycle } from '@codai/runtime'
import { compose } from '@codai/schema'
import type { Subgraph } from '../subgraph.ts'

/** Where the composed graph of a test is kept, for the gateway and for services that read its schema. */
export const supergraphFileIn = (folder: string): string => join(folder, 'supergraph.graphql')

/** Composes the services of a test, and writes the graph down as composition does for all of them. */
export const writeGraph = async (subgraphs: readonly Subgraph[], folder: string): Promise<void> => {
  const { supergraph, api } = compose(
    subgraphs.map(({ name, port, sdl }) => ({ name, sdl, url: `http://127.0.0.1:${port}/graphql` })),
  )
  await writeFile(supergraphFileIn(folder), supergraph)
  await writeFile(join(folder, 'api.graphql'), api)
}

/** Starts a real gateway over the graph that `writeGraph` wrote; answers where it listens. */
export const startTestGateway = async (config: Config, lifecycle: Lifecycle): Promise<string> => {
  const { url } = await startGateway({ config: { ...config, gatewayPort: 0 }, logger: silentLogger, lifecycle })
  return url
}
