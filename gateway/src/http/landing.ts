import type { ApolloServerPlugin, BaseContext, GraphQLServerListener } from '@apollo/server'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'

const OFFLINE = 'it appears that you might be offline.'

/**
 * Apollo Server's own landing page (embedded Sandbox), with the way to the explorer that is served from here: Sandbox
 * comes from the internet. Its frame covers the page, so it is taken away where its script did not load.
 */
export const sandboxLandingPage = <Context extends BaseContext>(): ApolloServerPlugin<Context> => {
  const original = ApolloServerPluginLandingPageLocalDefault({ embed: { runTelemetry: false }, footer: false })
  return {
    serverWillStart: async (service): Promise<GraphQLServerListener> => {
      const listener = await (original as ApolloServerPlugin<Context>).serverWillStart?.(service)
      const page = await listener?.renderLandingPage?.()
      return {
        renderLandingPage: async () => ({
          html: async () => {
            const html = typeof page?.html === 'function' ? await page.html() : (page?.html ?? '')
            return withLocalExplorer(html)
          },
        }),
      }
    },
  }
}

const withLocalExplorer = (html: string): string => {
  const nonce = /<script nonce="([0-9a-f]+)"/.exec(html)?.[1] ?? ''
  const script = `if (!window.EmbeddedSandbox) document.getElementById('embeddableSandbox').remove()`
  return html
    .replace(OFFLINE, `${OFFLINE} The <a href="/explorer">explorer served from here</a> needs no internet.`)
    .replace('</body>', `<script nonce="${nonce}">${script}</script></body>`)
}
