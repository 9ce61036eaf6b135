import { Compass } from 'lucide-react'
import { Link, useRouteError } from 'react-router'
import { buttonStyle } from '../design/button.tsx'
import { Button } from '../design/button.tsx'
import { Empty } from '../design/states.tsx'
import { useTitle } from '../shared/hooks.ts'

/** An address that leads nowhere. */
export const NotFound = () => {
  useTitle('Not found')
  return (
    <Empty
      icon={Compass}
      heading="h1"
      title="There is no such page"
      action={
        <Link to="/trade" className={buttonStyle({ look: 'primary' })}>
          To trading
        </Link>
      }
    >
      It may have moved, or the address has a slip in it.
    </Empty>
  )
}

/** A page that broke; most often because a new version of the application took the place of the one that is open. */
export const Broken = () => {
  const error = useRouteError()
  const stale = error instanceof TypeError && /import|module/i.test(error.message)
  return (
    <main className="grid min-h-dvh place-items-center">
      <Empty
        icon={Compass}
        heading="h1"
        title={stale ? 'There is a new version of Codai' : 'This page stumbled'}
        action={
          <Button look="primary" onClick={() => location.reload()}>
            Load again
          </Button>
        }
      >
        {stale ? 'Load the page again to use it.' : 'Loading it again usually helps.'}
      </Empty>
    </main>
  )
}
