import { codedError, errorStatus } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import { Kind } from 'graphql'
import type { DocumentNode, SelectionSetNode } from 'graphql'
import { fragmentsOf } from './selections.ts'

/** The sizes a document may have. They bound parsing, validation and planning, whose cost grows faster than its input. */
export const LIMITS = {
  tokens: 10_000,
  /** Nesting of fields, fragments followed; the introspection query of GraphiQL needs 15. */
  depth: 25,
  /** Fields at the root of one operation, aliases and fragments included. */
  rootFields: 50,
  /** Aliases in the document. */
  aliases: 250,
  /** Fields of one operation with its fragments written out. */
  fields: 5_000,
} as const

type Size = { readonly depth: number; readonly fields: number; readonly rootFields: number }

/** Tells which limit a parsed document breaks, if any. Cheap and linear: it runs before validation, which is neither. */
export const exceededLimit = (document: DocumentNode): CodedError | undefined => {
  const fragments = fragmentsOf(document)
  const measured = new Map<string, Size>()
  let aliases = 0

  const measureFragment = (name: string): Size => {
    const known = measured.get(name)
    if (known) return known
    // Set before measuring, so that a cycle ends here; validation then refuses the document.
    measured.set(name, { depth: 0, fields: 0, rootFields: 0 })
    const fragment = fragments.get(name)
    const size = fragment ? measure(fragment.selectionSet) : { depth: 0, fields: 0, rootFields: 0 }
    measured.set(name, size)
    return size
  }

  const measure = ({ selections }: SelectionSetNode): Size => {
    let depth = 0
    let fields = 0
    let rootFields = 0
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const below = selection.selectionSet ? measure(selection.selectionSet) : { depth: 0, fields: 0 }
        if (selection.alias) aliases += 1
        depth = Math.max(depth, below.depth + 1)
        fields += below.fields + 1
        rootFields += 1
      } else {
        const inside =
          selection.kind === Kind.INLINE_FRAGMENT
            ? measure(selection.selectionSet)
            : measureFragment(selection.name.value)
        depth = Math.max(depth, inside.depth)
        fields += inside.fields
        rootFields += inside.rootFields
      }
    }
    return { depth, fields, rootFields }
  }

  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) measureFragment(definition.name.value)
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const { depth, fields, rootFields } = measure(definition.selectionSet)
    if (depth > LIMITS.depth) return refusal('deeper', 'levels', LIMITS.depth)
    if (rootFields > LIMITS.rootFields) return refusal('larger', 'root fields', LIMITS.rootFields)
    if (fields > LIMITS.fields) return refusal('larger', 'fields', LIMITS.fields)
  }
  return aliases > LIMITS.aliases ? refusal('larger', 'aliases', LIMITS.aliases) : undefined
}

const refusal = (how: string, what: string, limit: number): CodedError =>
  codedError('LIMIT_EXCEEDED', `The operation is ${how} than the ${limit} ${what} that are allowed.`, {
    http: { status: errorStatus('LIMIT_EXCEEDED') },
  })
