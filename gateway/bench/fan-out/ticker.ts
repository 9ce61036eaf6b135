import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { announceReady, exitWithParent } from '@codai/runtime'
import { parse } from 'graphql'
import { handleProtocols } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { createEventStream } from '../../src/event-stream.ts'
import { inOrder } from '../../src/waiting.ts'
import { takeCommands } from './control.ts'
import { TICKER } from './graph.ts'

/** A subgraph with one ticker as a process, which ticks as often as it is told. */
type Tick = { readonly tick: { readonly symbol: string; readonly price: string; readonly sentAt: number } }

const listeners = new Set<(tick: Tick) => void>()
let opened = 0
let price = 50_000

const subscribe = (): AsyncGenerator<Tick> => {
  const { values, push } = createEventStream<Tick, Tick>({
    waiting: inOrder(1_000),
    process: (tick) => tick,
    overflow: () => new Error('the gateway does not read'),
    onClose: () => void listeners.delete(push),
  })
  opened += 1
  listeners.add(push)
  push(nextTick())
  return values
}

const nextTick = (): Tick => {
  price += Math.round((Math.random() - 0.5) * 20)
  return { tick: { symbol: 'BTC-EUR', price: `${price}.00`, sentAt: performance.timeOrigin + performance.now() } }
}

const schema = buildSubgraphSchema({
  typeDefs: parse(TICKER),
  resolvers: { Query: { version: () => 1 }, Subscription: { tick: { subscribe } } },
})
const webSockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => handleProtocols(offered) })
useServer({ schema }, webSockets)
const server = createServer((_request, response) => response.end('{}'))
server.on('upgrade', (request, socket, head) => {
  webSockets.handleUpgrade(request, socket, head, (one) => webSockets.emit('connection', one, request))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

let timer: NodeJS.Timeout | undefined
const controlUrl = await takeCommands({
  /** Ticks so many times a second from now on. */
  rate: (perSecond) => {
    clearInterval(timer)
    if (perSecond === 0) return
    timer = setInterval(() => {
      const tick = nextTick()
      for (const listen of listeners) listen(tick)
    }, 1_000 / perSecond)
  },
  /** How many streams were opened here, ever. */
  opened: () => opened,
})
exitWithParent(() => {})
announceReady({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, controlUrl })
