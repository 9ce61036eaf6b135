import './styles.css'
import { createRoot } from 'react-dom/client'
import { Application } from './application.tsx'
import { openBrowserSession } from './client/browser-session.ts'
import { openTheme } from './design/theme.ts'
import { createToasts } from './design/toasts.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')

createRoot(root).render(
  <Application
    session={openBrowserSession()}
    theme={openTheme(localStorage, document.documentElement)}
    toasts={createToasts()}
  />,
)
