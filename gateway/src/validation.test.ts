import { buildSchema, parse, specifiedRules, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { validateInTurns } from './validation.ts'

const schema = buildSchema('type Query { book(id: ID!): Book } type Book { title: String author: Book }')
const short = parse('{ book { titel } }')
const long =
  parse(`query ($unused: Int) { ${Array.from({ length: 300 }, (_, at) => `b${at}: book(id: ${at}) { title }`).join(' ')}
  book(id: 1) { titel ...Gone } wrong: book { title } b1: book(id: 9) { author } }`)

/** Whether something else had its turn meanwhile. */
const letsOthers = async (work: () => Promise<unknown>): Promise<boolean> => {
  let turned = false
  setImmediate(() => (turned = true))
  await work()
  return turned
}

describe('validation in turns', () => {
  it('finds what validation at once finds', async () => {
    const messages = (errors: readonly Error[]): readonly string[] => errors.map(({ message }) => message).toSorted()
    for (const document of [short, long]) {
      const expected = validate(schema, document)
      expect(expected.length).toBeGreaterThan(1)
      expect(messages(await validateInTurns(schema, document, specifiedRules))).toEqual(messages(expected))
    }
  })

  it('tells of errors in the order in which they are in a long document', async () => {
    const errors = await validateInTurns(schema, long, specifiedRules)
    const places = errors.map(({ positions }) => positions?.[0] ?? 0)
    expect(places).toEqual(places.toSorted((one, other) => one - other))
  })

  it('lets others have their turn while a long document is validated, and is done at once with a short one', async () => {
    expect(await letsOthers(() => validateInTurns(schema, long, specifiedRules))).toBe(true)
    expect(await letsOthers(() => validateInTurns(schema, short, specifiedRules))).toBe(false)
  })
})
