import { createHash } from 'node:crypto'
import { Kind, OperationTypeNode, TypeInfo, isCompositeType, visit, visitWithTypeInfo } from 'graphql'
import { rememberPerGraph } from '../graph/per-graph.ts'
import type { LiveRule } from '../graph/live.ts'
import type { Call, Operation } from '../operation.ts'
import { isPromised } from './impersonal.ts'
import { rootField } from './live-fields.ts'

/** How an operation may be shared. */
export type Sharing = {
  /** How those who come later join a subscription; without a rule nobody can, once an event came. */
  readonly rule: LiveRule | undefined
  /** Whether everyone is answered alike. */
  readonly isSameForEveryone: boolean
}

const REMEMBERED_OPERATIONS = 1_000

/** Tells how operations may be shared; each is looked at once per graph. */
export const createSharing = (): ((operation: Operation) => Sharing) => {
  const remembered = rememberPerGraph<Sharing>(REMEMBERED_OPERATIONS)
  return (operation) =>
    remembered(operation.graph, operation.key, () => ({
      rule: liveRuleOf(operation),
      isSameForEveryone: isSameForEveryone(operation),
    }))
}

/** The rule of the stream that a subscription asks for; other operations have none. */
export const liveRuleOf = ({ graph, document, node }: Operation): LiveRule | undefined =>
  node.operation === OperationTypeNode.SUBSCRIPTION
    ? graph.live.streams.get(rootField(document, node)?.name.value ?? '')
    : undefined

/**
 * Whether every field that an operation may select, on every object that may answer, is promised not to depend on who
 * asks. Whatever nobody has promised counts as personal, and so does what only some may see.
 */
const isSameForEveryone = (operation: Operation): boolean => {
  const { graph, document } = operation
  if (graph.live.sameForEveryone.size === 0) return false
  const typeInfo = new TypeInfo(graph.schema)
  let isSame = true
  // Also looks at fragments that only other operations of the document use: that errs on the safe side.
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      [Kind.FIELD]: ({ name: { value: name } }) => {
        const parent = typeInfo.getParentType()
        if (name === '__typename') return
        if (!isCompositeType(parent) || !isPromised(graph, parent, name)) isSame = false
      },
    }),
  )
  return isSame
}

/** Equal for those who must be answered alike. Where an anonymous caller is makes no difference to a subscription. */
export const sharedKey = ({ key, variables }: Operation, { caller: { identity } }: Call, sharing: Sharing): string => {
  const who = sharing.isSameForEveryone ? 'everyone' : identity.kind === 'anonymous' ? identity.kind : identity
  return createHash('sha256')
    .update(JSON.stringify([key, variables, who]))
    .digest('base64')
}
