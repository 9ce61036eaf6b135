import { Kind } from 'graphql'
import type { DirectiveNode, DocumentNode, FragmentDefinitionNode } from 'graphql'

/** A selection is part of the answer only where the variable has the wanted value (`@skip`, `@include`). */
export type Condition = { readonly variable: string; readonly wanted: boolean }

/** What has to hold for a selection with these directives; `never` where nothing can make it part of the answer. */
export const conditionsOf = (directives: readonly DirectiveNode[] = []): readonly Condition[] | 'never' => {
  const conditions: Condition[] = []
  for (const { name, arguments: given = [] } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue
    const wanted = name.value === 'include'
    const value = given.find((argument) => argument.name.value === 'if')?.value
    if (value?.kind === Kind.VARIABLE) conditions.push({ variable: value.name.value, wanted })
    if (value?.kind === Kind.BOOLEAN && value.value !== wanted) return 'never'
  }
  return conditions
}

/** The fragments of a document, by name. */
export const fragmentsOf = ({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> => {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  return fragments
}
