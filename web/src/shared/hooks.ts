import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { RefObject } from 'react'
import type { Store } from './store.ts'

/** The value of a store, rendered again at every change. */
export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get)

/** The present moment in milliseconds, renewed twice a minute; for words such as "5 minutes ago". */
export const useNow = (): number => {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** Sets the title of the page while a component is shown. */
export const useTitle = (title: string): void => {
  useEffect(() => {
    document.title = `${title} · Codai`
  }, [title])
}

/** Whether an element is near the part of the page that is seen. */
export const useVisible = <E extends Element>(margin = '0px'): readonly [RefObject<E | null>, boolean] => {
  const ref = useRef<E>(null)
  const [visible, setVisible] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (element === null) return undefined
    const observer = new IntersectionObserver((entries) => setVisible(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: margin,
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [margin])
  return [ref, visible]
}

/** For a field that comes up within something that has the focus already: it takes it over. */
export const useFocusOnMount = <E extends HTMLElement>(): RefObject<E | null> => {
  const ref = useRef<E>(null)
  useEffect(() => ref.current?.focus(), [])
  return ref
}

/** Whether a media query holds. */
export const useMedia = (query: string): boolean =>
  useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    () => matchMedia(query).matches,
  )
