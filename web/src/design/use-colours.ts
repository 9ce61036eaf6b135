import { useEffect, useState } from 'react'

// A canvas knows neither the page's variables nor light-dark(): one pixel, painted and read, says what is really shown.
const resolve = <N extends string>(names: readonly N[]): Readonly<Record<N, string>> => {
  const probe = document.body.appendChild(document.createElement('span'))
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const colours: Partial<Record<N, string>> = {}
  for (const name of names) {
    probe.style.color = `var(--color-${name})`
    if (context === null) continue
    context.fillStyle = getComputedStyle(probe).color
    context.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
    colours[name] = `rgb(${red}, ${green}, ${blue})`
  }
  probe.remove()
  return colours as Record<N, string>
}

/** Colours of the design language as `rgb(…)`, for what is drawn on a canvas; anew when the theme changes. */
export const useColours = <N extends string>(names: readonly N[]): Readonly<Record<N, string>> => {
  const [colours, setColours] = useState<Readonly<Record<N, string>>>(() => resolve(names))
  useEffect(() => {
    const again = (): void => setColours(resolve(names))
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const observer = new MutationObserver(again)
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    dark.addEventListener('change', again)
    return () => {
      observer.disconnect()
      dark.removeEventListener('change', again)
    }
  }, [names])
  return colours
}
