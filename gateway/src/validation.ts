import { validate } from 'graphql'
import type { DocumentNode, GraphQLError, GraphQLSchema, ValidationRule } from 'graphql'
import { giveWay, isLong } from './turns.ts'

/** Each rule adds to the time that going through a document takes once. */
const RULES_AT_ONCE = 8

/**
 * Validates a document as `validate` does. A long one is gone through several times, a few rules each, and others have
 * their turn in between: thousands of fields would take all rules at once for longer than an event loop should stand.
 */
export const validateInTurns = async (
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: readonly ValidationRule[],
): Promise<readonly GraphQLError[]> => {
  if (!isLong(document)) return validate(schema, document, rules)
  const errors: GraphQLError[] = []
  for (let start = 0; start < rules.length; start += RULES_AT_ONCE) {
    await giveWay(document)
    errors.push(...validate(schema, document, rules.slice(start, start + RULES_AT_ONCE)))
  }
  return errors.toSorted((one, other) => placeOf(one) - placeOf(other))
}

const placeOf = ({ positions }: GraphQLError): number => positions?.[0] ?? 0
