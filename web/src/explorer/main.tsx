import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './explorer.css'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'
import { openBrowserSession } from '../client/browser-session.ts'
import { liveUrl, openLive } from '../client/live.ts'
import { examples } from './examples.ts'
import { createFetcher } from './fetcher.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('explorer.html has no element with the id "root"')

const session = openBrowserSession()
const fetcher = createFetcher(session, openLive(session, liveUrl()))
const { theme } = document.documentElement.dataset
const who = session.signedIn.get()

createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    defaultTabs={[...examples]}
    defaultEditorToolsVisibility={false}
    inputValueDeprecation
    {...(theme === 'light' || theme === 'dark' ? { forcedTheme: theme } : {})}
  >
    <GraphiQL.Logo>
      <a href="/services" className="explorer-back">
        ← Back to Codai
      </a>
      <span className="explorer-who">{who === null ? 'not signed in' : `as ${who.handle}`}</span>
    </GraphiQL.Logo>
  </GraphiQL>,
)
