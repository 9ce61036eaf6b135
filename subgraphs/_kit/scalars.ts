import { GraphQLScalarType, Kind } from 'graphql'
import { GraphQLDateTimeISO, GraphQLJSON, GraphQLURL } from 'graphql-scalars'
import { badInput } from '@codai/runtime'
import { currencyDecimals, isCurrency } from './currencies.ts'

/**
 * A scalar that is a string in every layer.
 * `check` gets what a client sent and says what is wrong with it, or nothing.
 */
export const stringScalar = (name: string, check: (value: string) => string | undefined): GraphQLScalarType => {
  const parse = (value: unknown): string => {
    if (typeof value !== 'string') throw badInput(`${name} is written as a string, such as "12.50".`)
    const problem = check(value)
    if (problem !== undefined) throw badInput(problem)
    return value
  }
  return new GraphQLScalarType({
    name,
    serialize: (value) => String(value),
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
  })
}

const decimal = stringScalar('Decimal', (value) =>
  // 40 digits are more than any amount needs, and few enough that arithmetic on them costs nothing.
  /^-?\d{1,30}(\.\d{1,18})?$/.test(value)
    ? undefined
    : `"${value.slice(0, 60)}" is not a decimal number such as "1250.50".`,
)

const currency = stringScalar('Currency', (value) =>
  isCurrency(value)
    ? undefined
    : `"${value.slice(0, 20)}" is not a currency here. There are ${Object.keys(currencyDecimals).join(', ')}.`,
)

/** The resolvers of the shared scalars, by name. */
export const sharedScalars: Readonly<Record<string, GraphQLScalarType>> = {
  DateTime: GraphQLDateTimeISO,
  Decimal: decimal,
  Currency: currency,
  JSON: GraphQLJSON,
  URL: GraphQLURL,
}
