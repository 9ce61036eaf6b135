import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createClient } from 'graphql-ws'
import { useMemo } from 'react'
import { publicExamples } from './examples.ts'
import { ownOperation } from './own-operation.ts'

const publicPath = '/public/graphql'

const liveAddress = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${publicPath}`

const theme = (): 'light' | 'dark' | undefined => {
  const chosen = document.documentElement.dataset['theme']
  return chosen === 'light' || chosen === 'dark' ? chosen : undefined
}

// What is tried here must not mix with what the explorer of the whole graph remembers.
const storage = {
  getItem: (name: string) => sessionStorage.getItem(`public:${name}`),
  setItem: (name: string, value: string) => sessionStorage.setItem(`public:${name}`, value),
  removeItem: (name: string) => sessionStorage.removeItem(`public:${name}`),
  clear: () => {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith('public:')) sessionStorage.removeItem(name)
  },
  get length() {
    return Object.keys(sessionStorage).filter((name) => name.startsWith('public:')).length
  },
}

/** An explorer of the public graph, with an app's key. */
export const PublicExplorer = ({ apiKey }: { apiKey: string }) => {
  const fetcher = useMemo(
    () =>
      ownOperation(
        createGraphiQLFetcher({
          url: publicPath,
          headers: { 'x-api-key': apiKey },
          wsClient: createClient({ url: liveAddress(), connectionParams: { 'x-api-key': apiKey } }),
        }),
      ),
    [apiKey],
  )
  const forcedTheme = theme()
  return (
    <GraphiQL
      key={apiKey}
      fetcher={fetcher}
      storage={storage}
      defaultTabs={[...publicExamples]}
      defaultEditorToolsVisibility={false}
      {...(forcedTheme && { forcedTheme })}
    >
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
    </GraphiQL>
  )
}
