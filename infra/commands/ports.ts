import { createServer } from 'node:net'
import { ConfigError } from '@codai/runtime'
import type { Config } from '@codai/runtime'
import { registeredPorts } from '@codai/subgraphs/registry'

const isTaken = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'))
    probe.listen(port, host, () => probe.close(() => resolve(false)))
  })

/** Refuses to begin a start that a taken port would end later: with everything named at once, and the way out. */
export const requireFreePorts = async (config: Config): Promise<void> => {
  const { target, host, gatewayPort, portOffset } = config
  const services = Object.entries(registeredPorts)
    .filter(([name]) => target.includes('all') || target.includes(name))
    .map(([name, port]) => ({ name, port: port + portOffset, way: `PORT_OFFSET=${portOffset + 10_000}` }))
  const gateway =
    target.includes('all') || target.includes('gateway')
      ? [{ name: 'the gateway', port: gatewayPort, way: `GATEWAY_PORT=${gatewayPort + 1}` }]
      : []
  const wanted = [...gateway, ...services]
  const taken = await Promise.all(wanted.map(({ port }) => isTaken(host, port)))
  const missing = wanted.filter((_, index) => taken[index])
  if (missing.length === 0) return
  const list = missing.map(({ name, port }) => `  port ${port}, for ${name}`)
  const ways = [...new Set(missing.map(({ way }) => way))].join(' ')
  throw new ConfigError(
    `Ports are taken:\n${list.join('\n')}\nIs Codai running already? Stop what uses them, or choose others: ${ways} npm start`,
  )
}
