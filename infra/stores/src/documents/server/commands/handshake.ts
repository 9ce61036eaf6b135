import { Binary, UUID } from 'bson'
import { MOST_MESSAGE_BYTES } from '../wire.ts'
import { ok } from './command.ts'
import type { Command } from './command.ts'

const VERSION = '7.0.0'
const SESSION_MINUTES = 30

/**
 * The greeting of a standalone MongoDB 7: with sessions, and without replica set, so that drivers use neither transactions
 * nor retryable writes.
 */
const hello: Command = {
  // Drivers add fields to their greeting from version to version, and servers answer what they know.
  fields: 'any',
  run: (_command, { connectionId }) =>
    ok({
      helloOk: true,
      isWritablePrimary: true,
      ismaster: true,
      maxBsonObjectSize: 16 * 1024 * 1024,
      maxMessageSizeBytes: MOST_MESSAGE_BYTES,
      maxWriteBatchSize: 100_000,
      localTime: new Date(),
      logicalSessionTimeoutMinutes: SESSION_MINUTES,
      connectionId,
      minWireVersion: 0,
      maxWireVersion: 21,
      readOnly: false,
    }),
}

const buildInfo: Command = {
  fields: [],
  run: () =>
    ok({
      version: VERSION,
      versionArray: [...VERSION.split('.').map(Number), 0],
      gitVersion: 'embedded development server',
      modules: [],
      bits: 64,
      debug: false,
      maxBsonObjectSize: 16 * 1024 * 1024,
      storageEngines: ['log'],
    }),
}

const accepted: Command = { fields: [], run: () => ok() }

export const HANDSHAKE_COMMANDS: Readonly<Record<string, Command>> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  buildInfo,
  buildinfo: buildInfo,
  ping: accepted,
  endSessions: accepted,
  refreshSessions: accepted,
  killSessions: accepted,
  startSession: {
    fields: [],
    run: () => ok({ id: { id: new Binary(new UUID().id, Binary.SUBTYPE_UUID) }, timeoutMinutes: SESSION_MINUTES }),
  },
}
