import type { GraphQLDataSource, ServiceMap } from '@apollo/gateway'
import { CodedError } from '@codai/runtime'
import type { GraphQLFormattedError } from 'graphql'
import type { Graph, Subgraph } from '../graph/graph.ts'
import type { Call, Operation } from '../operation.ts'
import type { SubgraphClient, SubgraphResponse } from '../subgraphs/client.ts'
import { lostPaths } from './lost-paths.ts'

/** One data source per subgraph for one operation: fetches that fail become errors at the fields that are lost. */
export const createServices = (graph: Graph, client: SubgraphClient, operation: Operation, call: Call): ServiceMap => {
  const services: ServiceMap = Object.create(null)
  for (const [name, subgraph] of graph.subgraphs) services[name] = createDataSource(subgraph, client, operation, call)
  return services
}

const createDataSource = (
  subgraph: Subgraph,
  client: SubgraphClient,
  operation: Operation,
  call: Call,
): GraphQLDataSource => ({
  process: async (options) => {
    const { query = '', variables, operationName } = options.request
    const at = 'pathInIncomingRequest' in options ? (options.pathInIncomingRequest ?? []) : []
    try {
      return toGatewayResponse(await client.send(subgraph, { query, variables, operationName }, call))
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      const paths = lostPaths({ query, representations: variables?.['representations'], at, operation })
      return { errors: paths.map((path) => ({ message: error.message, extensions: error.extensions, path })) }
    }
  },
})

/** What a subgraph answered, without what it may not decide for the whole answer. */
export const toGatewayResponse = ({ data, errors }: SubgraphResponse): SubgraphResponse => ({
  ...(data !== undefined && { data }),
  ...(errors && errors.length > 0 && { errors: errors.map(sanitize) }),
})

const sanitize = (error: GraphQLFormattedError): GraphQLFormattedError => {
  // Apollo Server would take `http` as the status and headers of the whole answer.
  const { http: _http, ...extensions } = error.extensions ?? {}
  return { ...error, extensions }
}
