import { pino } from 'pino'
import type { DestinationStream, Logger as PinoLogger, LoggerOptions as PinoOptions } from 'pino'
import { PinoPretty } from 'pino-pretty'

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
  if (!pretty) return destination ? pino(options, destination) : pino(options)
  const lines = PinoPretty({
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
    // A worker would lose the last lines of a process that exits.
    sync: true,
    ...(destination && { destination, colorize: false }),
  })
  return pino(options, lines)
}

/** A logger that drops everything: for tests. */
export const silentLogger: Logger = pino({ level: 'silent' })
