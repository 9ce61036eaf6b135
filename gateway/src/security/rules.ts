import { isInterfaceType, isObjectType } from '@apollo/federation-internals'
import type { Directive, Schema } from '@apollo/federation-internals'

/** What a caller needs: to be signed in and, for every entry of `scopes`, all scopes of one of its alternatives. */
export type Requirement = { readonly scopes: readonly (readonly (readonly string[])[])[] }

export type SecurityRules = {
  /** By type name. */
  readonly types: ReadonlyMap<string, Requirement>
  /** By `Type.field`. */
  readonly fields: ReadonlyMap<string, Requirement>
}

const SPECIFICATIONS = 'https://specs.apollo.dev'

type Applied = { readonly appliedDirectivesOf: (name: string) => readonly Directive[] }

/**
 * Reads `@authenticated` and `@requiresScopes` from a supergraph, under whatever names it imports them.
 * Throws when it uses `@policy`: a rule that nobody evaluates must not look enforced.
 */
export const readSecurityRules = (schema: Schema): SecurityRules => {
  const authenticated = directiveName(schema, 'authenticated')
  const requiresScopes = directiveName(schema, 'requiresScopes')
  refusePolicies(schema)

  const requirementOf = (element: Applied): Requirement | undefined => {
    const scopes = requiresScopes === undefined ? [] : element.appliedDirectivesOf(requiresScopes).map(scopesOf)
    const signedIn = authenticated !== undefined && element.appliedDirectivesOf(authenticated).length > 0
    return signedIn || scopes.length > 0 ? { scopes } : undefined
  }

  const types = new Map<string, Requirement>()
  const fields = new Map<string, Requirement>()
  for (const type of schema.types()) {
    const ofType = requirementOf(type)
    if (ofType) types.set(type.name, ofType)
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of type.fields()) {
      const ofField = requirementOf(field)
      if (ofField) fields.set(field.coordinate, ofField)
    }
  }
  return { types, fields }
}

const directiveName = (schema: Schema, name: string): string | undefined =>
  schema.coreFeatures?.getByIdentity(`${SPECIFICATIONS}/${name}`)?.directiveNameInSchema(name)

const scopesOf = (directive: Directive): string[][] => directive.arguments()['scopes'] as string[][]

const refusePolicies = (schema: Schema): void => {
  const name = directiveName(schema, 'policy')
  const applied = name === undefined ? [] : [...(schema.directive(name)?.applications() ?? [])]
  const [first] = applied
  if (first === undefined) return
  const parent = first.parent as { readonly coordinate?: string }
  throw new Error(`it uses @policy (at ${parent.coordinate ?? 'a type'}), and named policies are not supported`)
}
