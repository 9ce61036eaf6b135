import { Kind } from 'graphql'
import type {
  DirectiveNode,
  DocumentNode,
  FragmentDefinitionNode,
  InlineFragmentNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql'
import type { Variables } from './types.ts'

/** An operation whose fragments are written out. */
export type WrittenOut = { readonly document: DocumentNode; readonly node: OperationDefinitionNode }

/** The same where parts of it come later: each has a label that no other has. */
export type Deferring = WrittenOut & {
  /** Equal for variables that defer the same. */
  readonly key: string
}

/** Tells whether anything of a document may come later, for some variables. */
export const mayDefer = ({ definitions }: DocumentNode): boolean =>
  definitions.some(
    (definition) => 'selectionSet' in definition && definition.selectionSet && hasDefer(definition.selectionSet),
  )

const hasDefer = ({ selections }: SelectionSetNode): boolean =>
  selections.some(
    (selection) =>
      selection.directives?.some(isDefer) ||
      (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet && hasDefer(selection.selectionSet)),
  )

/**
 * Decides what comes later. The planner takes parts of one label for one part, and makes a plan for each combination of
 * variables: so every part gets a label of its own here, and those that are not to come later are parts no more.
 *
 * In: an operation, and its variables as the client sent them. Out: the same without named fragments, in which every
 * `@defer` holds; undefined where none does.
 */
export const deferring = (
  document: DocumentNode,
  node: OperationDefinitionNode,
  variables: Variables,
): Deferring | undefined => {
  const decisions: boolean[] = []
  const writtenOut = writeOut(document, node, (directive) => {
    const holds = isWanted(directive, node, variables)
    decisions.push(holds)
    return holds ? [labelled(directive, decisions.length)] : []
  })
  if (!decisions.includes(true)) return undefined
  return { ...writtenOut, key: decisions.map((holds) => (holds ? '1' : '0')).join('') }
}

/** In: an operation. Out: the same, with everything at once. */
export const withoutDefer = (document: DocumentNode, node: OperationDefinitionNode): WrittenOut =>
  writeOut(document, node, () => [])

/** The label under which a part of the operation comes later; undefined for one that comes at once. */
export const deferLabel = ({ directives }: InlineFragmentNode): string | undefined => {
  const directive = directives?.find(isDefer)
  return directive && stringOf(argumentOf(directive, 'label'))
}

/** The client's own label, of one that `deferring` gave. */
export const clientLabel = (label: string): string | undefined => {
  const at = label.indexOf(SEPARATOR)
  return at < 0 ? undefined : label.slice(at + 1)
}

const SEPARATOR = ':'

const isDefer = ({ name }: DirectiveNode): boolean => name.value === 'defer'

const argumentOf = (directive: DirectiveNode, name: string) =>
  directive.arguments?.find((argument) => argument.name.value === name)?.value

const stringOf = (value: ReturnType<typeof argumentOf>): string | undefined =>
  value?.kind === Kind.STRING ? value.value : undefined

const isWanted = (directive: DirectiveNode, node: OperationDefinitionNode, variables: Variables): boolean => {
  const condition = argumentOf(directive, 'if')
  if (!condition) return true
  if (condition.kind !== Kind.VARIABLE) return condition.kind === Kind.BOOLEAN && condition.value
  const name = condition.name.value
  if (Object.hasOwn(variables, name)) return variables[name] === true
  const fallback = node.variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue
  return fallback?.kind === Kind.BOOLEAN && fallback.value
}

const labelled = (directive: DirectiveNode, number: number): DirectiveNode => {
  const given = stringOf(argumentOf(directive, 'label'))
  const value = given === undefined ? String(number) : `${number}${SEPARATOR}${given}`
  const label = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: 'label' },
    value: { kind: Kind.STRING, value },
  } as const
  return { kind: Kind.DIRECTIVE, name: directive.name, arguments: [label] }
}

/** Writes fragments out, and puts what `replace` gives in the place of each `@defer`. */
const writeOut = (
  document: DocumentNode,
  node: OperationDefinitionNode,
  replace: (directive: DirectiveNode) => readonly DirectiveNode[],
): WrittenOut => {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const directivesOf = ({ directives = [] }: SelectionNode): readonly DirectiveNode[] =>
    directives.flatMap((directive) => (isDefer(directive) ? replace(directive) : [directive]))

  const writeSet = ({ selections }: SelectionSetNode): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: selections.map(writeSelection),
  })

  const writeSelection = (selection: SelectionNode): SelectionNode => {
    if (selection.kind === Kind.FIELD) {
      return selection.selectionSet ? { ...selection, selectionSet: writeSet(selection.selectionSet) } : selection
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
    if (!fragment) throw new Error('the operation uses a fragment that its document does not have')
    const { typeCondition } = fragment
    return {
      kind: Kind.INLINE_FRAGMENT,
      ...(typeCondition && { typeCondition }),
      directives: directivesOf(selection),
      selectionSet: writeSet(fragment.selectionSet),
    }
  }

  const written = { ...node, selectionSet: writeSet(node.selectionSet) }
  // Without the text that it was parsed from, which says otherwise.
  return { document: { kind: Kind.DOCUMENT, definitions: [written] }, node: written }
}
