import { setImmediate as nextTurn } from 'node:timers/promises'
import { GraphQLSchema, Kind, isObjectType, parse, specifiedDirectives } from 'graphql'
import type { DefinitionNode, GraphQLObjectType } from 'graphql'
// Internal, and fixed by the version that is named in package.json: what `buildASTSchema` consists of, which does all
// at once and lets an event loop stand for as long as there are types.
import { extendSchemaImpl } from 'graphql/utilities/extendSchema.js'

/** The text of a schema that is known to be valid, cut between definitions into parts that are parsed in no time. */
export type SchemaParts = readonly string[]

/** Parsing so many characters takes about a millisecond. */
const PART_LENGTH = 10_000
/** So do the fields of so many types. */
const TYPES_AT_ONCE = 25

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

/** Builds a schema of its parts, as `buildASTSchema` does. Others have their turn all the while. */
export const buildSchema = async (parts: SchemaParts): Promise<GraphQLSchema> => {
  const definitions: DefinitionNode[] = []
  for (const part of parts) {
    definitions.push(...parse(part, { noLocation: true }).definitions)
    await nextTurn()
  }
  const config = extendSchemaImpl(NOTHING, { kind: Kind.DOCUMENT, definitions }, { assumeValid: true })
  for (const [index, type] of config.types.entries()) {
    // Types make their fields when they are first asked for them, and the schema asks all of them.
    if ('getFields' in type) type.getFields()
    if (index % TYPES_AT_ONCE === 0) await nextTurn()
  }
  const named = (name: string): GraphQLObjectType | undefined =>
    config.types.filter(isObjectType).find((type) => type.name === name)
  // Where a schema does not say what its roots are, their names do.
  const roots = config.astNode
    ? {}
    : { query: named('Query'), mutation: named('Mutation'), subscription: named('Subscription') }
  const known = new Set(config.directives.map(({ name }) => name))
  const directives = [...config.directives, ...specifiedDirectives.filter(({ name }) => !known.has(name))]
  return new GraphQLSchema({ ...config, ...roots, directives })
}

const NOTHING = {
  description: undefined,
  types: [],
  directives: [],
  extensions: {},
  extensionASTNodes: [],
  assumeValid: true,
} as const
