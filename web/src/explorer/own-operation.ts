import type { Fetcher } from '@graphiql/toolkit'
import { Kind, parse } from 'graphql'
import type { DocumentNode } from 'graphql'

/**
 * Sends the operation that is in the text. What GraphiQL says of the text, its tree and the operation's name, is that of
 * the text before for a moment: of the other tab, where somebody changes to one and runs it at once.
 */
export const ownOperation =
  (fetcher: Fetcher): Fetcher =>
  (params, options) => {
    const documentAST = read(params.query)
    if (!documentAST) return fetcher(params, options)
    const names = documentAST.definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION ? [node.name?.value] : [],
    )
    const operationName = names.find((name) => name === params.operationName) ?? names[0] ?? null
    return fetcher({ ...params, operationName }, { ...options, documentAST })
  }

/** Undefined for a text with a mistake, of which the server tells. */
const read = (query: string): DocumentNode | undefined => {
  try {
    return parse(query)
  } catch {
    return undefined
  }
}
