import { Field, FixedSizeList, Float32, Schema, Utf8 } from 'apache-arrow'

/** The columns of a collection whose vectors have so many dimensions. */
export const schemaOf = (dimensions: number): Schema =>
  new Schema([
    new Field('id', new Utf8(), false),
    new Field('label', new Utf8(), false),
    new Field('vector', new FixedSizeList(dimensions, new Field('item', new Float32(), true)), false),
  ])

/** The SQL condition that a column has one of the values. */
export const isOneOf = (column: 'id' | 'label', values: readonly string[]): string =>
  values.length === 0
    ? 'false'
    : `${column} IN (${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')})`
