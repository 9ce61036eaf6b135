import type { Logger } from '@codai/runtime'
import { DocumentServerError, refuse } from '../errors.ts'
import { isDocument } from '../values.ts'
import type { Document } from '../values.ts'
import { writeReply } from '../wire.ts'
import { ADMINISTRATION_COMMANDS } from './administration.ts'
import type { Command, CommandContext } from './command.ts'
import { HANDSHAKE_COMMANDS } from './handshake.ts'
import { READ_COMMANDS } from './reads.ts'
import { WRITE_COMMANDS } from './writes.ts'

const COMMANDS: Readonly<Record<string, Command>> = {
  ...HANDSHAKE_COMMANDS,
  ...READ_COMMANDS,
  ...WRITE_COMMANDS,
  ...ADMINISTRATION_COMMANDS,
}

/** Fields that drivers may add to every command. */
const GENERIC_FIELDS = new Set(
  `$db lsid $clusterTime $readPreference comment maxTimeMS apiVersion apiStrict apiDeprecationErrors writeConcern
  readConcern`.split(/\s+/),
)
const TRANSACTION_FIELDS = ['txnNumber', 'startTransaction', 'autocommit']

/**
 * Runs a command and gives the reply as BSON: an error is a reply too. Everything that the reply tells of is on disk by then,
 * also what other clients wrote.
 */
export const runCommand = async (
  command: Document,
  context: CommandContext & { logger: Logger },
): Promise<Uint8Array> => {
  const [name = ''] = Object.keys(command)
  try {
    const reply = runNamed(name, command, context)
    await context.store.synced()
    return reply instanceof Uint8Array ? reply : writeReply(reply)
  } catch (error) {
    if (error instanceof DocumentServerError) return writeReply(errorReply(error))
    context.logger.error({ err: error, command: name }, 'The document server could not run a command')
    return writeReply(errorReply(refuse('InternalError', error instanceof Error ? error.message : String(error))))
  }
}

const errorReply = ({ code, codeName, message, details }: DocumentServerError): Document => ({
  ok: 0,
  errmsg: message,
  code,
  codeName,
  ...details,
})

const runNamed = (name: string, command: Document, context: CommandContext): Document | Uint8Array => {
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (found === undefined) throw refuse('CommandNotFound', `no such command: '${name}'`)
  if (TRANSACTION_FIELDS.some((field) => field in command)) {
    throw refuse('IllegalOperation', 'Transaction numbers are only allowed on a replica set member or mongos')
  }
  for (const field of Object.keys(command).slice(1)) {
    if (GENERIC_FIELDS.has(field) || found.fields === 'any' || found.fields.includes(field)) continue
    throw refuse(
      'Location40415',
      `BSON field '${name}.${field}' is an unknown field, or not supported on this development server.`,
    )
  }
  requireWriteConcern(command['writeConcern'])
  return found.run(command, context)
}

const requireWriteConcern = (concern: unknown): void => {
  if (!isDocument(concern)) return
  const { w } = concern
  if (w === undefined || w === 'majority' || Number(w) <= 1) return
  throw refuse('BadValue', "cannot use 'w' > 1 when a host is not replicated")
}
