import { refuse } from './errors.ts'
import { compileExpression } from './expressions.ts'
import type { Expression, Scope } from './expressions.ts'
import { isNumeric } from './numbers.ts'
import { fieldOf, isDocument, setField } from './values.ts'
import type { Document } from './values.ts'

/** Shapes a document. */
export type Projection = (document: Document, scope: Scope) => Document

/** A tree of fields: what happens at each. */
type Node =
  | { kind: 'take' }
  | { kind: 'compute'; expression: Expression }
  | { kind: 'inside'; fields: Map<string, Node> }
type Inside = Extract<Node, { kind: 'inside' }>

const TAKE: Node = { kind: 'take' }
const inside = (): Inside => ({ kind: 'inside', fields: new Map() })

const insert = (root: Inside, path: readonly string[], node: Node, whole: string): void => {
  const [head, ...rest] = path
  if (head === undefined) return
  const existing = root.fields.get(head)
  if (rest.length === 0) {
    if (existing !== undefined) throw refuse('BadValue', `Invalid $project :: caused by :: Path collision at ${whole}`)
    root.fields.set(head, node)
    return
  }
  const next = existing ?? inside()
  if (next.kind !== 'inside') throw refuse('BadValue', `Invalid $project :: caused by :: Path collision at ${whole}`)
  root.fields.set(head, next)
  insert(next, rest, node, whole)
}

export const isFlag = (value: unknown): boolean => typeof value === 'boolean' || isNumeric(value)
export const isOn = (value: unknown): boolean => value !== false && Number(value) !== 0

/** `{ a: { b: 1 } }` means the same as `{ 'a.b': 1 }`. */
const flatten = (specification: Document, prefix = ''): [string, unknown][] =>
  Object.entries(specification).flatMap(([name, value]) => {
    const path = `${prefix}${name}`
    const nested = isDocument(value) && !Object.keys(value).some((key) => key.startsWith('$'))
    if (nested && Object.keys(value).length > 0) return flatten(value, `${path}.`)
    return [[path, value] as [string, unknown]]
  })

/**
 * Compiles a projection of included, excluded and computed fields. Throws BadValue when it both includes and excludes.
 */
export const compileProjection = (specification: Document): Projection => {
  const entries = flatten(specification)
  const others = entries.filter(([path]) => path !== '_id')
  const idFlag = entries.find(([path]) => path === '_id')?.[1]
  const flags = others.filter(([, value]) => isFlag(value))
  const computes = others.some(([, value]) => !isFlag(value))
  const includes = flags.some(([, value]) => isOn(value))
  const excludes = flags.some(([, value]) => !isOn(value))
  if (excludes && (includes || computes)) {
    throw refuse('BadValue', 'Invalid $project :: caused by :: Cannot do exclusion and inclusion in one projection')
  }
  const idIsOff = isFlag(idFlag) && !isOn(idFlag)
  const excluding = excludes || (others.length === 0 && idIsOff)
  const root = inside()
  for (const [path, value] of others) {
    const node: Node = isFlag(value) ? TAKE : { kind: 'compute', expression: compileExpression(value) }
    insert(root, path.split('.'), node, path)
  }
  if (excluding) {
    if (idIsOff) root.fields.set('_id', TAKE)
    return (document) => without(document, root)
  }
  if (idFlag !== undefined && !isFlag(idFlag)) {
    root.fields.set('_id', { kind: 'compute', expression: compileExpression(idFlag) })
  } else if (!idIsOff) root.fields.set('_id', TAKE)
  return (document, scope) => only(document, root, (expression) => expression(document, scope))
}

type Compute = (expression: Expression) => unknown

const only = (document: Document, node: Inside, compute: Compute): Document => {
  const result: Document = {}
  for (const [name, value] of Object.entries(document)) {
    const child = node.fields.get(name)
    if (child?.kind === 'take') setField(result, name, value)
    if (child?.kind === 'inside') {
      const kept = onlyInside(value, child, compute)
      if (kept !== undefined) setField(result, name, kept)
    }
  }
  for (const [name, child] of node.fields) addComputed(result, document, name, child, compute)
  return result
}

const onlyInside = (value: unknown, node: Inside, compute: Compute): unknown => {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => onlyInside(item, node, compute)).filter((item) => item !== undefined)
  }
  return isDocument(value) ? only(value, node, compute) : undefined
}

const addComputed = (result: Document, document: Document, name: string, node: Node, compute: Compute): void => {
  if (node.kind === 'compute') {
    const value = compute(node.expression)
    if (value !== undefined) setField(result, name, value)
    return
  }
  if (node.kind === 'inside' && !Object.hasOwn(document, name) && hasComputed(node)) {
    setField(result, name, only({}, node, compute))
  }
}

const hasComputed = (node: Inside): boolean =>
  Array.from(node.fields.values()).some(
    (child) => child.kind === 'compute' || (child.kind === 'inside' && hasComputed(child)),
  )

const without = (document: Document, node: Inside): Document => {
  const result: Document = {}
  for (const [name, value] of Object.entries(document)) {
    const child = node.fields.get(name)
    if (child?.kind === 'take') continue
    setField(result, name, child?.kind === 'inside' ? withoutInside(value, child) : value)
  }
  return result
}

const withoutInside = (value: unknown, node: Inside): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutInside(item, node))
  return isDocument(value) ? without(value, node) : value
}

/** Sets computed fields on a document: what `$addFields` and `$set` do. */
export const compileAddFields = (specification: Document): Projection => {
  const fields = flatten(specification).map(([path, value]) => ({
    path: path.split('.'),
    expression: compileExpression(value),
  }))
  return (document, scope) => {
    let result = document
    for (const { path, expression } of fields) result = withField(result, path, expression(document, scope))
    return result
  }
}

/** A copy with the field at a path set, in each document where arrays are on the way; `undefined` removes it. */
export const withField = (document: Document, path: readonly string[], value: unknown): Document => {
  const [head, ...rest] = path
  if (head === undefined) return document
  const result = { ...document }
  if (rest.length > 0) setField(result, head, fieldInside(fieldOf(document, head), rest, value))
  else if (value === undefined) delete result[head]
  else setField(result, head, value)
  return result
}

const fieldInside = (current: unknown, path: readonly string[], value: unknown): unknown => {
  if (Array.isArray(current)) return current.map((item: unknown) => fieldInside(item, path, value))
  return withField(isDocument(current) ? current : {}, path, value)
}
