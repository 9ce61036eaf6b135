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
const Shop = lazy(async () => ({ default: (await import('./shop/shop-page.tsx')).ShopPage }))
const Product = lazy(async () => ({ default: (await import('./shop/product-page.tsx')).ProductPage }))
const Cart = lazy(async () => ({ default: (await import('./shop/cart-page.tsx')).CartPage }))
const Purchases = lazy(async () => ({ default: (await import('./shop/purchases-page.tsx')).PurchasesPage }))
const Purchase = lazy(async () => ({ default: (await import('./shop/purchase-page.tsx')).PurchasePage }))
const Learn = lazy(async () => ({ default: (await import('./learn/learn-page.tsx')).LearnPage }))
const Course = lazy(async () => ({ default: (await import('./learn/course-page.tsx')).CoursePage }))
const Lesson = lazy(async () => ({ default: (await import('./learn/lesson-page.tsx')).LessonPage }))
const Certificate = lazy(async () => ({ default: (await import('./learn/certificate-page.tsx')).CertificatePage }))
const Developers = lazy(async () => ({ default: (await import('./developers/developers-page.tsx')).DevelopersPage }))
const App = lazy(async () => ({ default: (await import('./developers/app-page.tsx')).AppPage }))
const Assistant = lazy(async () => ({ default: (await import('./assistant/assistant-page.tsx')).AssistantPage }))
const Workflows = lazy(async () => ({ default: (await import('./workflows/workflows-page.tsx')).WorkflowsPage }))
const Run = lazy(async () => ({ default: (await import('./workflows/run-page.tsx')).RunPage }))
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
        { path: '/shop', element: <Shop /> },
        { path: '/shop/product/:id', element: <Product /> },
        { path: '/shop/cart', element: <Cart /> },
        { path: '/shop/purchases', element: <Purchases /> },
        { path: '/shop/purchases/:id', element: <Purchase /> },
        { path: '/learn', element: <Learn /> },
        { path: '/learn/:course', element: <Course /> },
        { path: '/learn/:course/:lesson', element: <Lesson /> },
        { path: '/certificates/:number', element: <Certificate /> },
        { path: '/developers', element: <Developers /> },
        { path: '/developers/:app', element: <App /> },
        { path: '/assistant', element: <Assistant /> },
        { path: '/workflows', element: <Workflows /> },
        { path: '/workflows/runs/:run', element: <Run /> },
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
