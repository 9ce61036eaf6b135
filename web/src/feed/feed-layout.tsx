import type { ReactNode } from 'react'
import { useMedia } from '../shared/hooks.ts'
import { Trending } from './trending.tsx'

/** A column of posts, with what is trending beside it where there is room. */
export const FeedLayout = ({ children }: { children: ReactNode }) => {
  const wide = useMedia('(min-width: 64rem)')
  return (
    <div className="mx-auto grid max-w-5xl items-start gap-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <div className="min-w-0 space-y-3">{children}</div>
      {wide && (
        <aside aria-label="Around the feed" className="sticky top-18">
          <Trending />
        </aside>
      )}
    </div>
  )
}
