import { pino } from 'pino'
import type { DestinationStream, Logger as PinoLogger, LoggerOptions as PinoOptions } from 'pino'
import { isColorSupported, prettyFactory } from 'pino-pretty'

export type Logger = PinoLogger

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

export type CreateLoggerOptions = {
  readonly name: string
  readonly level: LogLevel
  /** Lines for people instead of JSON. */
  readonly pretty: boolean
  /** Where lines go; standard output by default. */
  readonly destination?: DestinationStream
}

const SECRET_FIELDS = [
  'authorization',
  'Authorization',
  'password',
  'newPassword',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'clientSecret',
  'apiKey',
  'cookie',
  'Cookie',
  '["set-cookie"]',
  '["x-api-key"]',
  '["x-codai-identity"]',
]

// Redaction has no wildcard for "any depth": three levels reach a field of the headers of a logged request.
const DEPTHS = ['', '*', '*.*', '*.*.*']

const redactedPaths = SECRET_FIELDS.flatMap((field) =>
  DEPTHS.map((depth) => (depth === '' || field.startsWith('[') ? `${depth}${field}` : `${depth}.${field}`)),
)

/** A logger that writes one line per entry and hides the values of secret fields. */
export const createLogger = ({ name, level, pretty, destination }: CreateLoggerOptions): Logger => {
  const options: PinoOptions = {
    name,
    level,
    redact: { paths: redactedPaths, censor: '[hidden]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  const output = destination ?? pino.destination(1)
  if (!pretty) return pino(options, output)
  // Formatted in place and not in pino-pretty's stream, which loses the last lines of a process that exits.
  const format = prettyFactory({
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
    colorize: destination === undefined && isColorSupported,
  })
  return pino(options, { write: (line) => output.write(format(line)) })
}

/** A logger that drops everything: for tests. */
export const silentLogger: Logger = pino({ level: 'silent' })
