import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Logger } from '@codai/runtime'
import { createCursors } from './server/commands/cursors.ts'
import { runCommand } from './server/commands/run-command.ts'
import { openStore } from './server/store.ts'
import { createMessageReader, readRequest } from './server/wire.ts'

export type DocumentServer = {
  /** Where drivers connect: `mongodb://127.0.0.1:…`. */
  readonly url: string
  /** Lets running commands finish, closes connections and gives the folder back. */
  stop(): Promise<void>
}

const HOST = '127.0.0.1'

/**
 * Starts a document server that speaks MongoDB's wire protocol, for development: all documents in memory, every acknowledged
 * write on disk, one process. It behaves as a standalone MongoDB 7, and refuses what it does not have.
 * Throws when another process holds `dataDir`, when its log is damaged, or when `port` (default: a free one) is taken.
 */
export const startDocumentServer = async (options: {
  dataDir: string
  port?: number | undefined
  logger: Logger
}): Promise<DocumentServer> => {
  const { dataDir, port = 0, logger } = options
  const store = await openStore({ dataDir, logger })
  const cursors = createCursors()
  const sockets = new Set<Socket>()
  const running = new Set<Promise<void>>()
  let connections = 0
  let replies = 0

  const answer = async (socket: Socket, message: Buffer, connectionId: number): Promise<void> => {
    const { command, wantsReply, reply } = readRequest(message)
    const body = await runCommand(command, { store, cursors, connectionId, logger })
    replies = (replies + 1) % 2 ** 31
    if (wantsReply && socket.writable) socket.write(reply(body, replies))
  }

  const server = createServer((socket) => {
    connections += 1
    const connectionId = connections
    const read = createMessageReader((message) => {
      const done = answer(socket, message, connectionId)
        .catch((error: unknown) => void socket.destroy(error instanceof Error ? error : undefined))
        .finally(() => running.delete(done))
      running.add(done)
    })
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      try {
        read(chunk)
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined)
      }
    })
    socket.on('error', (error) => logger.debug({ err: error }, 'A connection to the document server broke'))
    socket.on('close', () => sockets.delete(socket))
  })

  try {
    server.listen(port, HOST)
    await once(server, 'listening')
  } catch (error) {
    await store.close()
    throw error
  }
  const url = `mongodb://${HOST}:${(server.address() as AddressInfo).port}/?directConnection=true`
  logger.info(
    { url, dataDir },
    'Embedded document server is listening; for development only, set MONGODB_URL elsewhere',
  )

  return {
    url,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      await Promise.all(running)
      for (const socket of sockets) socket.destroy()
      await closed
      await store.close()
    },
  }
}
