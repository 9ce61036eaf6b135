import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** Where a test stops what passes: before it arrives, or after it did its work and before anybody is told. */
export type Moment = 'before' | 'after'

/** What a message is about, when it is one that a test waits for: all about the same hangs from then on. */
export type SubjectOf = (text: string) => string | undefined

/** A gate that a process talks through, and in which a test makes it hang. */
export type Gate = {
  /** Where the process is to talk to. */
  url: string
  /** Makes the next message that has a subject hang, and from then on all that mention it. Resolves when it hangs. */
  hang(subjectOf: SubjectOf, moment: Moment): Promise<void>
  /** Lets everything through again. */
  open(): void
  stop(): Promise<void>
}

type Catch = { moment: Moment; hangs: () => void }

/** What hangs, and the trap for what is to hang next. */
const createTraps = () => {
  const hanging = new Set<string>()
  let trap: ((text: string) => Catch | undefined) | undefined
  return {
    hang: (subjectOf: SubjectOf, moment: Moment): Promise<void> =>
      new Promise((resolve) => {
        trap = (text) => {
          const subject = subjectOf(text)
          if (subject === undefined) return undefined
          trap = undefined
          hanging.add(subject)
          return { moment, hangs: resolve }
        }
      }),
    open: (): void => {
      hanging.clear()
      trap = undefined
    },
    hangsAlready: (text: string): boolean => [...hanging].some((subject) => text.includes(subject)),
    /** What walks into the trap now. */
    catch: (text: string): Catch | undefined => trap?.(text),
  }
}

const listen = async (server: Server): Promise<number> => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

/** Whom a service acts for, as its signed identity says. */
const actingFor = (identity: string | string[] | undefined): string => {
  const [, claims = ''] = String(identity).split('.')
  return Buffer.from(claims, 'base64url').toString()
}

/** A gate between services. Messages are what is asked for, with the claims of whoever asks. */
export const startServiceGate = async (): Promise<Gate> => {
  const traps = createTraps()
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const body = await buffer(request)
      const text = `${body.toString()} ${actingFor(request.headers['x-codai-identity'])}`
      if (traps.hangsAlready(text)) return
      const caught = traps.catch(text)
      if (caught?.moment === 'before') {
        caught.hangs()
        return
      }
      const [, port, ...path] = (request.url ?? '').split('/')
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => name === 'content-type' || name.startsWith('x-')),
      ) as Record<string, string>
      const answer = await fetch(`http://127.0.0.1:${port}/${path.join('/')}`, { method: 'POST', headers, body })
      const answered = await answer.text()
      if (caught) caught.hangs()
      else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answered)
    }
    pass().catch(() => response.destroy())
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/{port}`,
    hang: traps.hang,
    open: traps.open,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** A gate between services and the documents. Messages are commands, with their strings as they are. */
export const startDocumentGate = async (documentsUrl: string): Promise<Gate> => {
  const target = Number(new URL(documentsUrl).port)
  const traps = createTraps()
  const sockets = new Set<Socket>()
  const server = createTcpServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    let isMute = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1')
      if (traps.hangsAlready(text)) return
      const caught = traps.catch(text)
      if (caught?.moment === 'before') {
        caught.hangs()
        return
      }
      if (caught) {
        isMute = true
        upstream.once('data', caught.hangs)
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      if (!isMute) client.write(chunk)
    })
  })
  const port = await listen(server)
  return {
    url: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    hang: traps.hang,
    open: traps.open,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
