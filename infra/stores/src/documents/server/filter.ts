import { every } from './conditions.ts'
import type { Condition, Predicate } from './conditions.ts'
import { refuse } from './errors.ts'
import { NO_VARIABLES, compileExpression } from './expressions.ts'
import { isPattern } from './patterns.ts'
import { parsePath } from './paths.ts'
import { QUERY_OPERATORS, equalTo, isOperatorDocument, matching } from './query-operators.ts'
import { isDocument, isTrue } from './values.ts'
import type { Document } from './values.ts'

/** The condition that one field's part of a filter stands for: an operator document, a pattern or a value. */
export const compileCondition = (operand: unknown): Condition => {
  if (isPattern(operand)) return matching(operand)
  if (!isOperatorDocument(operand)) return equalTo(operand)
  return every(
    Object.entries(operand).map(([name, argument]) => {
      const operator = Object.hasOwn(QUERY_OPERATORS, name) ? QUERY_OPERATORS[name] : undefined
      if (operator === undefined) throw refuse('BadValue', `unknown operator: ${name}`)
      return operator(argument, { condition: compileCondition, filter: compileFilter }, operand)
    }),
  )
}

const clauses = (name: string, operand: unknown): Predicate[] => {
  if (!Array.isArray(operand) || operand.length === 0) throw refuse('BadValue', `${name} must be a nonempty array`)
  return operand.map((clause: unknown) => {
    if (!isDocument(clause)) throw refuse('BadValue', `${name} argument's entries must be objects`)
    return compileFilter(clause)
  })
}

const topLevel = (name: string, operand: unknown): Predicate => {
  switch (name) {
    case '$and': {
      const all = clauses(name, operand)
      return (document, scope) => all.every((clause) => clause(document, scope))
    }
    case '$or': {
      const some = clauses(name, operand)
      return (document, scope) => some.some((clause) => clause(document, scope))
    }
    case '$nor': {
      const none = clauses(name, operand)
      return (document, scope) => !none.some((clause) => clause(document, scope))
    }
    case '$expr': {
      const expression = compileExpression(operand)
      return (document, scope = NO_VARIABLES) => isTrue(expression(document, scope))
    }
    case '$comment':
      return () => true
    default:
      throw refuse('BadValue', `unknown top level operator: ${name}. It may be missing on this development server.`)
  }
}

/** A test for documents, in MongoDB's query language. Throws BadValue when the filter cannot be understood. */
export const compileFilter = (filter: Document): Predicate => {
  const predicates = Object.entries(filter).map(([name, operand]) =>
    name.startsWith('$') ? topLevel(name, operand) : compileCondition(operand).at(parsePath(name)),
  )
  const [only] = predicates
  if (predicates.length === 1 && only !== undefined) return only
  return (document, scope) => predicates.every((predicate) => predicate(document, scope))
}
