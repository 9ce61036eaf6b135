import { HeaderMap } from '@apollo/server'
import type { ApolloServerPlugin } from '@apollo/server'
import { errorStatus } from '@codai/runtime'
import { GraphQLError } from 'graphql'
import type { Documents } from '../documents.ts'
import type { ErrorFormatter } from '../errors.ts'
import type { Graphs } from '../graph/graphs.ts'
import type { Call } from '../operation.ts'

export type CheckedDocumentsOptions = {
  readonly documents: Documents
  readonly graphs: Graphs
  readonly formatError: ErrorFormatter
}

const CODE = 'GRAPHQL_VALIDATION_FAILED'

/**
 * Gives Apollo Server the documents that were checked before it is asked (`calls.ts`), with what is wrong with them: it
 * would parse and validate them again, all rules at once. Those that do not parse it reports itself.
 */
export const checkedDocuments = <Context extends Call>(
  options: CheckedDocumentsOptions,
): ApolloServerPlugin<Context> => {
  const { documents, graphs, formatError } = options
  return {
    requestDidStart: async () => {
      let invalid: readonly GraphQLError[] = []
      return {
        didResolveSource: async (context) => {
          const checked = documents.checked(graphs.of(context.schema), context.source)
          if (!checked) return
          if ('errors' in checked) invalid = checked.errors
          Object.assign(context, { document: checked.document })
        },
        responseForOperation: async ({ contextValue: { requestId } }) => {
          if (invalid.length === 0) return null
          const errors = invalid.map((error) => formatError(withCode(error), requestId))
          return {
            http: { status: errorStatus(CODE), headers: new HeaderMap() },
            body: { kind: 'single', singleResult: { errors } },
          }
        },
      }
    },
  }
}

/** Where the error came from tells its code for certain; `formatError` would have to go by its words. */
const withCode = ({ message, nodes, extensions }: GraphQLError): GraphQLError =>
  new GraphQLError(message, { ...(nodes && { nodes }), extensions: { ...extensions, code: CODE } })
