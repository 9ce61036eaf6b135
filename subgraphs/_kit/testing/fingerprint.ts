import { createHash } from 'node:crypto'
import { createConnection } from 'mongoose'
import { Client, escapeIdentifier } from 'pg'

const tableHashes = async (databaseUrl: string, schemas: readonly string[]): Promise<string[]> => {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const tables = await client.query<{ schema: string; name: string }>(
      `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
       WHERE table_schema = ANY($1) AND table_type = 'BASE TABLE' ORDER BY 1, 2`,
      [schemas],
    )
    const hashes: string[] = []
    for (const { schema, name } of tables.rows) {
      const table = `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`
      const result = await client.query<{ hash: string }>(
        `SELECT md5(coalesce(string_agg(r::text, E'\\n' ORDER BY r::text), '')) AS hash FROM ${table} r`,
      )
      hashes.push(`${schema}.${name} ${result.rows[0]?.hash}`)
    }
    return hashes
  } finally {
    await client.end()
  }
}

const collectionHashes = async (mongodbUrl: string, names: readonly string[]): Promise<string[]> => {
  const connection = await createConnection(mongodbUrl).asPromise()
  try {
    const hashes: string[] = []
    for (const name of names) {
      const database = connection.getClient().db(name)
      for (const { name: collection } of await database.listCollections().toArray()) {
        const documents = await database.collection(collection).find().toArray()
        const text = documents.map((document) => JSON.stringify(document)).toSorted()
        hashes.push(`${name}.${collection} ${createHash('md5').update(text.join('\n')).digest('hex')}`)
      }
    }
    return hashes.toSorted()
  } finally {
    await connection.close()
  }
}

/** All that services hold in their stores, as one value to compare. */
export const fingerprintOf = async (stores: {
  databaseUrl: string
  mongodbUrl: string | undefined
  names: readonly string[]
}): Promise<string> => {
  const { databaseUrl, mongodbUrl, names } = stores
  const tables = await tableHashes(databaseUrl, [...names, 'events'])
  const collections = mongodbUrl === undefined ? [] : await collectionHashes(mongodbUrl, names)
  return [...tables, ...collections].join('\n')
}
