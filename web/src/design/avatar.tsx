import { classNames } from './class-names.ts'

// One hue for each person, the same everywhere; light and dark enough in both themes for white letters.
const hueOf = (handle: string): number => {
  let hash = 7
  for (const character of handle.toLowerCase()) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360
  return hash
}

/** A person's sign: the first letter of the handle on a colour of its own. A picture to screen readers, so no text. */
export const Avatar = ({ handle, size = 'medium' }: { handle: string; size?: 'small' | 'medium' | 'large' }) => (
  <span
    aria-hidden
    data-letter={handle.slice(0, 1)}
    style={{ background: `oklch(0.52 0.11 ${hueOf(handle)})` }}
    className={classNames(
      'grid shrink-0 place-items-center rounded-full font-semibold text-white uppercase before:content-[attr(data-letter)]',
      size === 'small' && 'size-7 text-xs',
      size === 'medium' && 'size-10 text-sm',
      size === 'large' && 'size-16 text-2xl',
    )}
  />
)
