import type { ApolloServerPlugin, BaseContext } from '@apollo/server'
import type { Documents } from '../documents.ts'
import type { Graphs } from '../graph/graphs.ts'

/**
 * Gives Apollo Server the documents that were checked before it is asked (`calls.ts`): it would parse and validate them
 * again, all rules at once. Those with errors it checks itself, and reports as it does.
 */
export const checkedDocuments = <Context extends BaseContext>(
  documents: Documents,
  graphs: Graphs,
): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didResolveSource: async (context) => {
      const document = documents.checked(graphs.of(context.schema), context.source)
      if (document) Object.assign(context, { document })
    },
  }),
})
