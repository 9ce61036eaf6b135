import type { ApolloServerPlugin, BaseContext } from '@apollo/server'
import { beginSpan } from '@codai/runtime'

/** Spans for what Apollo Server does with a document before it runs; only with documents that it does not know yet. */
export const documentSpans = <Context extends BaseContext>(): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    parsingDidStart: async () => {
      const end = beginSpan('graphql.parse')
      return async (error) => end(error)
    },
    validationDidStart: async () => {
      const end = beginSpan('graphql.validate')
      return async (errors) => end(errors?.[0])
    },
  }),
})
