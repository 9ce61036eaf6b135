import { lazy, useState } from 'react'
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router'
import { GraphProvider } from './client/provider.tsx'
import type { Session } from './client/session.ts'
import type { ThemeChoice } from './design/theme.ts'
import { ToastProvider } from './design/toasts.tsx'
import type { Toasts } from './design/toasts.tsx'
import { SignInProvider } from './session/sign-in.tsx'
import { Broken, NotFound } from './shell/not-found.tsx'
import { Shell } from './shell/shell.tsx'

const Trade = lazy(async () => ({ default: (await import('./trade/trade-page.tsx')).TradePage }))
const Feed = lazy(async () => ({ default: (await import('./feed/feed-page.tsx')).FeedPage }))
const Post = lazy(async () => ({ default: (await import('./feed/post-page.tsx')).PostPage }))
const Person = lazy(async () => ({ default: (await import('./feed/person-page.tsx')).PersonPage }))
const Topic = lazy(async () => ({ default: (await import('./feed/topic-page.tsx')).TopicPage }))
const Wallet = lazy(async () => ({ default: (await import('./wallet/wallet-page.tsx')).WalletPage }))
const Services = lazy(async () => ({ default: (await import('./services/services-page.tsx')).ServicesPage }))

const createRouter = (theme: ThemeChoice) =>
  createBrowserRouter([
    {
      element: <Shell theme={theme} />,
      errorElement: <Broken />,
      children: [
        { path: '/', element: <Navigate to="/trade" replace /> },
        { path: '/trade/:symbol?', element: <Trade /> },
        { path: '/feed', element: <Feed /> },
        { path: '/feed/post/:id', element: <Post /> },
        { path: '/people/:handle', element: <Person /> },
        { path: '/topics/:name', element: <Topic /> },
        { path: '/wallet', element: <Wallet /> },
        { path: '/services', element: <Services /> },
        { path: '*', element: <NotFound /> },
      ],
    },
  ])

/** What the application stands on. */
export type ApplicationProps = {
  readonly session: Session
  readonly theme: ThemeChoice
  readonly toasts: Toasts
}

/** The whole application. */
export const Application = ({ session, theme, toasts }: ApplicationProps) => {
  const [router] = useState(() => createRouter(theme))
  return (
    <GraphProvider session={session}>
      <ToastProvider toasts={toasts}>
        <SignInProvider>
          <RouterProvider router={router} />
        </SignInProvider>
      </ToastProvider>
    </GraphProvider>
  )
}
