import { isInterfaceType, isLeafType, isNonNullType, isObjectType } from '@apollo/federation-internals'
import type { Directive, FieldDefinition, ObjectType, Schema } from '@apollo/federation-internals'

/** How a stream is shared with those who come later, as its service promised by `@live`. */
export type LiveRule =
  /** Each event stands for itself, and nothing comes before the first. */
  | { readonly kind: 'events'; readonly fields: readonly [] }
  /** The newest event of each value of `fields` is all there is to know. */
  | { readonly kind: 'state'; readonly fields: readonly string[] }
  /** The first event is a whole state; one whose number is one up on the event before is a change of it. */
  | { readonly kind: 'sequence'; readonly fields: readonly [string] }

export type LiveRules = {
  /** By the name of the subscription's field; those without a rule are not in it. */
  readonly streams: ReadonlyMap<string, LiveRule>
  /** The fields, as `Type.field`, whose value does not depend on who asks. */
  readonly sameForEveryone: ReadonlySet<string>
}

const SPECIFICATION = 'https://specs.codai.ro/live'

/** Reads `@live` and `@sameForEveryone` from a supergraph. Throws when a rule names fields that its events cannot have. */
export const readLiveRules = (schema: Schema): LiveRules => {
  const feature = schema.coreFeatures?.getByIdentity(SPECIFICATION)
  const streams = new Map<string, LiveRule>()
  const sameForEveryone = new Set<string>()
  if (!feature) return { streams, sameForEveryone }

  const same = feature.directiveNameInSchema('sameForEveryone')
  for (const type of schema.types()) {
    if (!isObjectType(type)) continue
    for (const field of type.fields()) {
      if (field.appliedDirectivesOf(same).length > 0) sameForEveryone.add(field.coordinate)
    }
  }
  const live = feature.directiveNameInSchema('live')
  for (const field of schema.schemaDefinition.rootType('subscription')?.fields() ?? []) {
    const [directive] = field.appliedDirectivesOf(live)
    if (directive) streams.set(field.name, ruleOf(field, directive))
  }
  return { streams, sameForEveryone }
}

const ruleOf = (field: FieldDefinition<ObjectType>, directive: Directive): LiveRule => {
  const { stateOf, sequence }: { stateOf?: string; sequence?: string } = directive.arguments()
  if (stateOf !== undefined && sequence !== undefined) {
    throw new Error(`@live of ${field.coordinate} cannot have both stateOf and sequence`)
  }
  if (sequence !== undefined) return { kind: 'sequence', fields: [leafOf(field, sequence.trim())] }
  if (stateOf === undefined) return { kind: 'events', fields: [] }
  const names = stateOf.split(/\s+/).filter(Boolean)
  return { kind: 'state', fields: names.map((name) => leafOf(field, name)) }
}

/** The gateway selects these fields by itself, so they have to be there for it. */
const leafOf = (stream: FieldDefinition<ObjectType>, name: string): string => {
  const type = stream.type && isNonNullType(stream.type) ? stream.type.ofType : stream.type
  const field = type && (isObjectType(type) || isInterfaceType(type)) ? type.field(name) : undefined
  const fieldType = field?.type && isNonNullType(field.type) ? field.type.ofType : field?.type
  const isUsable = field && fieldType && isLeafType(fieldType) && field.arguments().every((one) => !one.isRequired())
  if (isUsable && field.appliedDirectivesOf('inaccessible').length === 0) return name
  throw new Error(`@live of ${stream.coordinate} names "${name}", which its events do not have as a plain field`)
}
