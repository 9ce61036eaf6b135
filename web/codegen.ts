import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codegen } from '@graphql-codegen/core'
import * as typedDocumentNode from '@graphql-codegen/typed-document-node'
import * as typescriptOperations from '@graphql-codegen/typescript-operations'
import { buildASTSchema, parse } from 'graphql'

const webFolder = dirname(fileURLToPath(import.meta.url))

/** Where the types come from and go to. */
export type WebTypesOptions = {
  /** The API schema as SDL. */
  schemaFile?: string
  /** Where the application's `.graphql` documents are. */
  sourceFolder?: string
}

const config = {
  scalars: {
    ID: 'string',
    DateTime: 'string',
    Decimal: 'string',
    Currency: 'string',
    URL: 'string',
    JSON: 'unknown',
    YearMonth: 'string',
  },
  defaultScalarType: 'unknown',
  enumType: 'string-literal',
  immutableTypes: true,
  arrayInputCoercion: false,
  useTypeImports: true,
  disableDescriptions: true,
  optimizeDocumentNode: true,
}

/**
 * Writes types and parsed documents, a module for each `.graphql` file of the application, into `src/.generated`.
 * A module each, and not one for all, so that a page loads its own operations only.
 * Throws when a document does not fit the schema.
 */
export const generateWebTypes = async (options: WebTypesOptions = {}): Promise<void> => {
  const schemaFile = options.schemaFile ?? join(webFolder, '../schema/api.graphql')
  const sourceFolder = options.sourceFolder ?? join(webFolder, 'src')
  const target = join(sourceFolder, '.generated')
  const schema = parse(await readFile(schemaFile, 'utf8'))
  const schemaAst = buildASTSchema(schema)
  const files = await readdir(sourceFolder, { recursive: true })
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  for (const file of files.filter((name) => name.endsWith('.graphql')).sort()) {
    const name = basename(file, '.graphql')
    const location = join(sourceFolder, file)
    const code = await codegen({
      filename: join(target, `${name}.ts`),
      schema,
      schemaAst,
      documents: [{ location, document: parse(await readFile(location, 'utf8')) }],
      config,
      plugins: [{ 'typescript-operations': {} }, { 'typed-document-node': {} }],
      pluginMap: { 'typescript-operations': typescriptOperations, 'typed-document-node': typedDocumentNode },
    })
    await writeFile(join(target, `${name}.ts`), code)
  }
}
