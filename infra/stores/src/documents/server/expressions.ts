import { BSONRegExp } from 'bson'
import { Context, evalExpr } from 'mingo/core'
import * as accumulatorOperators from 'mingo/operators/accumulator'
import * as expressionOperators from 'mingo/operators/expression'
import { DocumentServerError, refuse } from './errors.ts'
import { EXACT_OPERATORS, requireDoubles } from './exact-operators.ts'
import { toRegExp } from './patterns.ts'
import { isDocument, isTrue } from './values.ts'
import type { Document } from './values.ts'

type MingoOptions = Parameters<typeof evalExpr>[2]
type MingoOperator = (document: unknown, expression: unknown, options: MingoOptions) => unknown

/** Operators of mingo that only move values, choose between them, or evaluate their own parts: right for every type. */
const STRUCTURAL = new Set(
  `$ifNull $let $map $filter $reduce $literal $arrayElemAt $first $last $slice $concatArrays $reverseArray $size $isArray
  $mergeObjects $objectToArray $arrayToObject $getField $setField $unsetField $zip`.split(/\s+/),
)
/** Operators of mingo that run code from the request, or whose results differ from MongoDB's. */
const LEFT_OUT = new Set(['$function', '$accumulator', '$toDecimal', '$convert', '$toHashedIndexKey'])

/** Values that are evaluated and those that are not, for operators that choose. */
const choice: MingoOperator = (document, expression, options) => {
  const parts = isDocument(expression)
    ? [expression['if'], expression['then'], expression['else']]
    : (expression as unknown[])
  const [condition, then, otherwise] = parts
  return evalExpr(document, isTrue(evalExpr(document, condition, options)) ? then : otherwise, options)
}

const switching: MingoOperator = (document, expression, options) => {
  const { branches, default: otherwise } = expression as { branches: Document[]; default?: unknown }
  const taken = branches.find((branch) => isTrue(evalExpr(document, branch['case'], options)))
  return evalExpr(document, taken === undefined ? otherwise : taken['then'], options)
}

const exactly =
  (operator: (argument: unknown) => unknown): MingoOperator =>
  (document, expression, options) =>
    operator(evalExpr(document, expression, options))

const guarded =
  (name: string, operator: MingoOperator): MingoOperator =>
  (document, expression, options) => {
    requireDoubles(name, evalExpr(document, expression, options))
    return operator(document, expression, options)
  }

const expressionTable = (): Record<string, MingoOperator> => {
  const table: Record<string, MingoOperator> = {}
  for (const [name, operator] of Object.entries(expressionOperators) as [string, MingoOperator][]) {
    if (LEFT_OUT.has(name)) continue
    table[name] = STRUCTURAL.has(name) ? operator : guarded(name, operator)
  }
  for (const [name, operator] of Object.entries(EXACT_OPERATORS)) table[name] = exactly(operator)
  return { ...table, $cond: choice, $switch: switching }
}

const TABLE = expressionTable()

/** The values of `$$name` while expressions run; opaque. */
export type Scope = { readonly options: MingoOptions }
export type Expression = (document: Document, scope: Scope) => unknown

/**
 * Makes a scope with these variables. mingo copies all its operators whenever it is given plain options, so the prepared form
 * is taken once, by an operator that captures it, and evaluations share it.
 */
export const createScope = (variables: Readonly<Record<string, unknown>> = {}): Scope => {
  let prepared: MingoOptions | undefined
  const capture: MingoOperator = (_document, _expression, options) => {
    prepared = options
    return null
  }
  const options = {
    idKey: '_id',
    scriptEnabled: false,
    useStrictMode: true,
    failOnError: true,
    processingMode: 0,
    context: Context.init({ expression: { ...TABLE, $capture: capture } }),
    variables,
  } as unknown as MingoOptions
  evalExpr(null, { $capture: 1 }, options)
  return { options: prepared ?? options }
}

/** The scope without variables. */
export const NO_VARIABLES: Scope = createScope()

/**
 * Compiles an aggregation expression. Throws InvalidPipelineOperator for an operator that this server does not know; when
 * it runs, BadValue or TypeMismatch for values that an operator cannot take.
 */
export const compileExpression = (expression: unknown): Expression => {
  const prepared = prepare(expression)
  return (document, { options }) => {
    try {
      return evalExpr(document, prepared, options)
    } catch (error) {
      if (error instanceof DocumentServerError) throw error
      throw refuse('BadValue', error instanceof Error ? error.message : String(error))
    }
  }
}

/** Checks the operators of an expression, and gives patterns the form that mingo knows. */
const prepare = (expression: unknown): unknown => {
  if (expression instanceof BSONRegExp) return toRegExp(expression)
  if (Array.isArray(expression)) return expression.map(prepare)
  if (!isDocument(expression)) return expression
  const entries = Object.entries(expression)
  const operator = entries.find(([name]) => name.startsWith('$'))?.[0]
  if (operator === undefined) return Object.fromEntries(entries.map(([name, value]) => [name, prepare(value)]))
  if (!Object.hasOwn(TABLE, operator)) {
    throw refuse('InvalidPipelineOperator', `Unrecognized expression '${operator}'`)
  }
  if (entries.length > 1) {
    throw refuse('BadValue', `an expression specification must contain exactly one field, the name of the expression`)
  }
  return operator === '$literal' ? expression : { [operator]: prepare(expression[operator]) }
}

/** mingo's accumulators, for those that this server does not have of its own. */
export const mingoAccumulator = (name: string): ((documents: readonly Document[], expression: unknown) => unknown) => {
  const operators = accumulatorOperators as unknown as Record<string, MingoOperator | undefined>
  const operator = LEFT_OUT.has(name) || !Object.hasOwn(operators, name) ? undefined : operators[name]
  if (operator === undefined) throw refuse('InvalidPipelineOperator', `unknown group operator '${name}'`)
  return (documents, expression) => {
    requireDoubles(name, documents)
    return operator(documents, prepare(expression), NO_VARIABLES.options)
  }
}
