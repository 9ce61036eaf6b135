import { lazy, Suspense, useEffect, useRef } from 'react'
import { Link, Outlet, ScrollRestoration, useLocation } from 'react-router'
import { Skeleton, SkeletonRows } from '../design/states.tsx'
import type { ThemeChoice } from '../design/theme.ts'
import { SessionWatch } from '../session/session-watch.tsx'
import { LiveBanner } from './live-banner.tsx'
import { Logo } from './logo.tsx'
import { Navigation } from './navigation.tsx'

// Menus bring a positioning library along, which nobody has to wait for to see the page.
const AccountMenu = lazy(async () => ({ default: (await import('../session/account-menu.tsx')).AccountMenu }))

/** What stands around every page. */
export const Shell = ({ theme }: { theme: ThemeChoice }) => {
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(pathname)
  useEffect(() => {
    // A new page is announced by moving the focus to it, as a browser would do; not at the first load.
    const [, place] = pathname.split('/')
    const [, before] = shown.current.split('/')
    shown.current = pathname
    if (place !== before) main.current?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="bg-accent-solid sr-only z-70 rounded-lg px-4 py-2 font-medium text-white focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="bg-surface border-line sticky top-0 z-30 border-b">
        <div className="mx-auto flex h-14 max-w-[100rem] items-center gap-4 px-3 sm:px-4">
          <Link to="/trade" className="flex items-center gap-2 rounded-lg font-semibold tracking-tight">
            <Logo /> <span className="text-lg">Codai</span>
          </Link>
          <Navigation />
          <div className="ml-auto flex items-center gap-1.5">
            <Suspense fallback={<Skeleton className="h-8 w-20 rounded-lg" />}>
              <AccountMenu theme={theme} />
            </Suspense>
          </div>
        </div>
        <LiveBanner />
      </header>
      <main
        id="main"
        ref={main}
        tabIndex={-1}
        className="mx-auto w-full max-w-[100rem] flex-1 px-3 pt-3 pb-24 outline-none sm:px-4 sm:pt-4 sm:pb-8"
      >
        <Suspense fallback={<SkeletonRows rows={6} label="Loading the page" />}>
          <Outlet />
        </Suspense>
      </main>
      <SessionWatch />
      <ScrollRestoration />
    </div>
  )
}
