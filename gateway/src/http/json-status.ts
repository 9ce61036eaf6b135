import type { ApolloServerPlugin, BaseContext } from '@apollo/server'

/** What is wrong with the request itself, found before anything ran. */
const REQUEST_ERRORS = new Set<unknown>(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'])

/**
 * "GraphQL over HTTP", section 6.4.1: a client that knows only `application/json` gets 200 for a well-formed request,
 * whatever is wrong with its document, because it cannot tell a GraphQL answer from that of a proxy by its type.
 */
export const jsonStatus = <Context extends BaseContext>(): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response }) => {
      const accept = request.http?.headers.get('accept') ?? ''
      if (!accept.includes('application/json') || accept.includes('application/graphql-response+json')) return
      if (response.body.kind !== 'single') return
      const { data, errors = [] } = response.body.singleResult
      if (data !== undefined) return
      if (errors.every(({ extensions }) => REQUEST_ERRORS.has(extensions?.['code']))) response.http.status = 200
    },
  }),
})
