import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Starts Hive Gateway by its own command line, in this process. In: the supergraph's file, the folder that it is installed
 * in, and options of its own. Out: the address.
 */
export const startHive = async (
  supergraphFile: string,
  [folder = '', ...options]: readonly string[],
): Promise<string> => {
  const port = await freePort()
  process.argv.splice(2, Infinity, 'supergraph', supergraphFile, '--host', '127.0.0.1', '--port', `${port}`, ...options)
  await import(pathToFileURL(join(folder, 'node_modules/@graphql-hive/gateway/dist/bin.js')).href)
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    const isReady = await fetch(`${url}/readiness`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return `${url}/graphql`
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
