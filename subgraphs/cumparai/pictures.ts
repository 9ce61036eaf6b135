/** What a demo picture shows: drawn in 100 by 100 units, in white on its colour. */
export const drawings = {
  lamp: '<path d="M38 22h24l10 26H28z"/><path d="M47 48h6v24h-6zM34 72h32v7H34z"/>',
  headphones:
    '<path d="M22 62V50a28 28 0 0 1 56 0v12" fill="none" stroke="#fff" stroke-width="7"/><rect x="16" y="56" width="16" height="24" rx="6"/><rect x="68" y="56" width="16" height="24" rx="6"/>',
  keyboard:
    '<path d="M14 34h72a5 5 0 0 1 5 5v26a5 5 0 0 1-5 5H14a5 5 0 0 1-5-5V39a5 5 0 0 1 5-5zm4 7v6h8v-6zm14 0v6h8v-6zm14 0v6h8v-6zm14 0v6h8v-6zm14 0v6h8v-6zM30 56v6h40v-6z" fill-rule="evenodd"/>',
  mug: '<path d="M24 32h42v36a12 12 0 0 1-12 12H36a12 12 0 0 1-12-12z"/><path d="M66 40h6a10 10 0 0 1 0 24h-6" fill="none" stroke="#fff" stroke-width="6"/>',
  knife: '<path d="M14 62 66 24c10-6 18 2 14 8L40 62z"/><path d="m14 66 22-2-12 14a7 7 0 0 1-11-8z"/>',
  backpack:
    '<path d="M28 44a22 22 0 0 1 44 0v32a6 6 0 0 1-6 6H34a6 6 0 0 1-6-6zm8 14v12h28V58zm8-18v6h12v-6z" fill-rule="evenodd"/><path d="M40 22a10 10 0 0 1 20 0" fill="none" stroke="#fff" stroke-width="5"/>',
  tent: '<path d="M50 20 88 78H12zm0 24L34 78h32z" fill-rule="evenodd"/>',
  bottle: '<path d="M43 14h14v12l7 12v42a6 6 0 0 1-6 6H42a6 6 0 0 1-6-6V38l7-12z"/>',
  book: '<path d="M18 26c12-6 24-4 32 2 8-6 20-8 32-2v50c-12-6-24-4-32 2-8-6-20-8-32-2z"/><path d="M50 30v46" stroke="#0004" stroke-width="3"/>',
  plant:
    '<path d="M34 60h32l-5 24H39z"/><path d="M50 60V34" stroke="#fff" stroke-width="5"/><path d="M50 40C34 42 26 32 26 20c16-2 24 8 24 20zm0 8c14 0 22-8 22-20-14-2-22 8-22 20z"/>',
  clock: '<path d="M50 14a36 36 0 1 1 0 72 36 36 0 0 1 0-72zm-4 14v24l18 12 4-6-14-9V28z" fill-rule="evenodd"/>',
  scarf: '<path d="M28 24h44v16H58l10 42H50l-6-42H28z"/><path d="M51 76h16" stroke="#0003" stroke-width="4"/>',
  chess: '<path d="M38 78h28v8H34v-8zM40 74c0-16 10-18 8-30-6 4-14 4-16-2 2-10 10-20 22-22 12 6 16 22 12 54z"/>',
} as const

export type Drawing = keyof typeof drawings

/**
 * A small picture as an address of its own: the demo data needs no other server, and shows the same offline. `hue` is the
 * angle of its colour.
 */
export const picture = (drawing: Drawing, hue: number): string => {
  const [light, dark] = [`hsl(${hue},52%,58%)`, `hsl(${(hue + 30) % 360},55%,34%)`]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></linearGradient></defs><rect width="100" height="100" fill="url(#g)"/><g fill="#fff">${drawings[drawing]}</g></svg>`
  return new URL(`data:image/svg+xml,${encodeURIComponent(svg)}`).href
}
