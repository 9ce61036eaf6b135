import { createStore } from '../shared/store.ts'
import type { Store } from '../shared/store.ts'

/** What a person chose. */
export type Theme = 'system' | 'light' | 'dark'

/** The theme of the page; `/theme.js` applies the same choice before the first paint. */
export type ThemeChoice = { readonly theme: Store<Theme>; readonly choose: (theme: Theme) => void }

const storageKey = 'codai.theme'

/** Reads the choice of an earlier visit. */
export const openTheme = (storage: Storage, root: HTMLElement): ThemeChoice => {
  const stored = storage.getItem(storageKey)
  const theme = createStore<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system')
  return {
    theme,
    choose(next) {
      theme.set(next)
      if (next === 'system') {
        storage.removeItem(storageKey)
        delete root.dataset['theme']
        return
      }
      storage.setItem(storageKey, next)
      root.dataset['theme'] = next
    },
  }
}
