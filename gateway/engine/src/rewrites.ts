import type { FetchDataRewrite, FetchNode } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { getOwn, setOwn } from './merge.ts'
import { isRecord } from './types.ts'
import type { Data } from './types.ts'
import { isOfType } from './type-conditions.ts'

/** Changes data in place, as a plan asks for before it is sent to a subgraph or after it was received. */
export type Rewrite = (data: unknown) => void

const TYPE_CONDITION = '... on '

/** Compiles a plan's rewrites. In: the rewrites and the supergraph's schema. Out: one function, or none to call. */
export const compileRewrites = (
  rewrites: readonly FetchDataRewrite[] | undefined,
  schema: GraphQLSchema,
): Rewrite | undefined => {
  if (!rewrites || rewrites.length === 0) return undefined
  const compiled = rewrites.map((rewrite) => compileRewrite(rewrite, schema))
  return (data) => {
    for (const apply of compiled) apply(data)
  }
}

const compileRewrite = (rewrite: FetchDataRewrite, schema: GraphQLSchema): Rewrite => {
  const key = rewrite.path.at(-1)
  if (key === undefined) return () => {}
  const change =
    rewrite.kind === 'ValueSetter' ? setValue(key, rewrite.setValueTo) : renameKey(key, rewrite.renameKeyTo)
  return rewrite.path.slice(0, -1).reduceRight<Rewrite>((next, step) => atStep(step, next, schema), eachRecord(change))
}

const setValue =
  (key: string, value: unknown) =>
  (data: Data): void =>
    setOwn(data, key, value)

const renameKey =
  (key: string, renamed: string) =>
  (data: Data): void => {
    const value = getOwn(data, key)
    if (value === undefined) return
    setOwn(data, renamed, value)
    delete data[key]
  }

const atStep = (step: string, next: Rewrite, schema: GraphQLSchema): Rewrite => {
  if (!step.startsWith(TYPE_CONDITION)) return eachRecord((data) => next(getOwn(data, step)))
  const condition = step.slice(TYPE_CONDITION.length)
  return eachRecord((data) => {
    const typename = data['__typename']
    // Answers do not always name their type; the plan would not have the rewrite where it cannot apply.
    if (typeof typename !== 'string' || isOfType(schema, typename, condition)) next(data)
  })
}

const eachRecord = (apply: (data: Data) => void): Rewrite => {
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isRecord(value)) apply(value)
  }
  return visit
}

/** Reads how a fetch's keys are called in the response: plans rename keys that would be in each other's way. */
export const readRenamedKeys = ({ outputRewrites = [] }: FetchNode): ((key: string) => string) => {
  const renamed = new Map<string, string>()
  for (const rewrite of outputRewrites) {
    const key = rewrite.path.at(-1)
    if (rewrite.kind === 'KeyRenamer' && key !== undefined) renamed.set(key, rewrite.renameKeyTo)
  }
  return (key) => renamed.get(key) ?? key
}
