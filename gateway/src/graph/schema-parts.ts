import { setImmediate as nextTurn } from 'node:timers/promises'
import { Kind, buildASTSchema, parse } from 'graphql'
import type { DefinitionNode, GraphQLSchema } from 'graphql'

/** The text of a schema that is known to be valid, cut between definitions into parts that are parsed in no time. */
export type SchemaParts = readonly string[]

/** Parsing so many characters takes about a millisecond. */
const PART_LENGTH = 10_000

/** Cuts the text of a schema into parts. */
export const inParts = (sdl: string, length = PART_LENGTH): SchemaParts => {
  const parts: string[] = []
  let start = 0
  for (const { loc } of parse(sdl).definitions) {
    if (!loc || loc.end - start < length) continue
    parts.push(sdl.slice(start, loc.end))
    start = loc.end
  }
  const rest = sdl.slice(start).trim()
  return rest === '' ? parts : [...parts, rest]
}

/** Builds a schema of its parts. Others have their turn between them, but not while graphql-js makes the types. */
export const buildSchema = async (parts: SchemaParts): Promise<GraphQLSchema> => {
  const definitions: DefinitionNode[] = []
  for (const part of parts) {
    definitions.push(...parse(part, { noLocation: true }).definitions)
    await nextTurn()
  }
  const schema = buildASTSchema({ kind: Kind.DOCUMENT, definitions }, { assumeValid: true })
  await nextTurn()
  return schema
}
