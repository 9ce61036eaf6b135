import { Field, FixedSizeList, Float32, Schema, Utf8 } from 'apache-arrow'
import type { NearestSearch } from './types.ts'

/** The columns of a collection whose vectors have so many dimensions. */
export const schemaOf = (dimensions: number): Schema =>
  new Schema([
    new Field('id', new Utf8(), false),
    new Field('label', new Utf8(), false),
    new Field('group', new Utf8(), false),
    new Field('vector', new FixedSizeList(dimensions, new Field('item', new Float32(), true)), false),
  ])

const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** The SQL condition that a column has one of the values. */
export const isOneOf = (column: 'id' | 'label', values: readonly string[]): string =>
  values.length === 0 ? 'false' : `${column} IN (${values.map(literal).join(', ')})`

/** The SQL condition that an entry is among those that are sought; undefined when all are. */
export const isSought = ({ labels, group }: NearestSearch): string | undefined => {
  const conditions = [
    ...(labels === undefined ? [] : [isOneOf('label', labels)]),
    ...(group === undefined ? [] : [`\`group\` = ${literal(group)}`]),
  ]
  return conditions.length === 0 ? undefined : conditions.join(' AND ')
}
