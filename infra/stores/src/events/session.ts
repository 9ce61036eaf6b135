import type { Logger } from '@codai/runtime'
import type { Client } from 'pg'

import { connectionFor } from '../relational/connection.ts'

/** The one lasting connection of a bus: it hears of new events and holds the groups' locks. */
export type Session = {
  /**
   * Takes the group's lock, or finds it taken by this session already. The answer names the connection that holds it:
   * a different one than before means that others may have worked in between. Undefined: someone else has it.
   */
  hold(group: string): Promise<object | undefined>
  release(group: string): Promise<void>
  close(): Promise<void>
}

export const CHANNEL = 'codai_events'
const LOCK = `hashtextextended('codai-events:' || $1, 0)`

/** Opens the connection when it is first needed, and again after it was lost. `onWake` gets a type, or '' for all. */
export function createSession(options: { url: string; logger: Logger; onWake: (type: string) => void }): Session {
  const { url, logger, onWake } = options
  let connecting: Promise<Client> | undefined
  let held = new Set<string>()
  let closed = false

  async function connect(): Promise<Client> {
    const client = await connectionFor({ url, applicationName: 'codai events' })
    let lost = false
    const lose = (error?: Error) => {
      if (lost || closed) return
      lost = true
      connecting = undefined
      held = new Set()
      logger.warn({ err: error }, 'the connection that listens for events was lost')
      onWake('')
    }
    client.on('error', lose)
    client.on('end', () => lose())
    client.on('notification', ({ payload }) => onWake(payload ?? ''))
    try {
      await client.query(`LISTEN ${CHANNEL}`)
    } catch (error) {
      await client.end()
      throw error
    }
    return client
  }

  function connection(): Promise<Client> {
    connecting ??= connect().catch((error: unknown) => {
      connecting = undefined
      throw error
    })
    return connecting
  }

  return {
    async hold(group) {
      const client = await connection()
      if (held.has(group)) return client
      // These locks count: taking one twice would need releasing it twice.
      const mine = held
      const { rows } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${LOCK}) AS taken`, [group])
      if (rows[0]?.taken !== true) return undefined
      mine.add(group)
      return client
    },
    async release(group) {
      if (connecting === undefined || !held.delete(group)) return
      const client = await connecting
      await client.query(`SELECT pg_advisory_unlock(${LOCK}), pg_notify('${CHANNEL}', '')`, [group])
    },
    async close() {
      closed = true
      const client = await connecting?.catch(() => undefined)
      await client?.end()
    },
  }
}
