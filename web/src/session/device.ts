const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\/|Chromium\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]

/** A name for a device that its owner recognises, from what the browser says of itself. */
export const describeDevice = (userAgent: string | null): { readonly name: string; readonly phone: boolean } => {
  const agent = userAgent ?? ''
  const browser = browsers.find(([pattern]) => pattern.test(agent))?.[1]
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1]
  const phone = /iPhone|Android/.test(agent)
  if (browser === undefined) return { name: system ?? 'Unknown device', phone }
  return { name: system === undefined ? browser : `${browser} on ${system}`, phone }
}
