import { expect, test } from 'vitest'
import { createLogger, silentLogger } from './logs.ts'

const collect = (pretty: boolean): { lines: string[]; logger: ReturnType<typeof createLogger> } => {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  return { lines, logger: createLogger({ name: 'bancai', level: 'info', pretty, destination }) }
}

test('an entry is one line of JSON with its name', () => {
  const { lines, logger } = collect(false)
  logger.info({ account: 'a1' }, 'opened')
  logger.debug('too fine')
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines.join(''))).toMatchObject({ name: 'bancai', account: 'a1', msg: 'opened' })
})

test('secret fields are hidden at every depth where requests and inputs have them', () => {
  const { lines, logger } = collect(false)
  logger.info({ password: 'hunter2', input: { token: 'hunter2', handle: 'ada' } }, 'signing in')
  logger.info({ req: { headers: { authorization: 'hunter2', cookie: 'hunter2', 'x-codai-identity': 'hunter2' } } })
  logger.info({ variables: { input: { secret: 'hunter2', refreshToken: 'hunter2' } } })
  expect(lines.join('')).not.toContain('hunter2')
  expect(lines.join('')).toContain('"handle":"ada"')
})

test('pretty lines are for people', () => {
  const { lines, logger } = collect(true)
  logger.warn('the disk is nearly full')
  expect(lines.join('')).toMatch(/WARN.*bancai.*the disk is nearly full/)
})

test('the silent logger takes everything and writes nothing', () => {
  expect(silentLogger.isLevelEnabled('fatal')).toBe(false)
})
