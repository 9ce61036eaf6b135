import { CONFIG_VARIABLES } from '@codai/runtime'
import type { Config } from '@codai/runtime'

/** Where a subgraph is reached, from its name and the url that the supergraph gives it. */
export type Routing = (name: string, url: string) => string

type RoutingConfig = Pick<Config, 'portOffset' | 'subgraphHostTemplate'>

/** The routing that PORT_OFFSET and SUBGRAPH_HOST_TEMPLATE ask for; with neither, urls are used as they are. */
export const createRouting = ({ portOffset, subgraphHostTemplate }: RoutingConfig): Routing => {
  const untouched = CONFIG_VARIABLES.find(({ field }) => field === 'subgraphHostTemplate')?.default
  // The default template is for siblings on this machine: a foreign supergraph's addresses must not be bent to it.
  if (portOffset === 0 && subgraphHostTemplate === untouched) return (_name, url) => url

  return (name, url) => {
    if (!URL.canParse(url)) return url
    const { port, protocol, pathname, search } = new URL(url)
    const declaredPort = Number(port || (protocol === 'https:' ? 443 : 80))
    const origin = subgraphHostTemplate
      .replaceAll('{name}', name)
      .replaceAll('{port}', String(declaredPort + portOffset))
    return `${origin.replace(/\/+$/, '')}${pathname}${search}`
  }
}
