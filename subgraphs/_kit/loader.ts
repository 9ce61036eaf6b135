import DataLoader from 'dataloader'

// A caller may ask for any key. One with the character NUL no store can hold, and PostgreSQL refuses even to look for it.
const isKey = (key: string): boolean => !key.includes('\0')

/**
 * A DataLoader over one batched store call. `fetch` gets distinct keys and gives what it found, in any order;
 * `keyOf` says which key a found value answers. A key that was not found loads as null.
 */
export const loader = <Value>(
  fetch: (keys: readonly string[]) => Promise<readonly Value[]>,
  keyOf: (value: Value) => string,
): DataLoader<string, Value | null> =>
  new DataLoader(async (keys) => {
    const possible = keys.filter(isKey)
    const values = possible.length === 0 ? [] : await fetch(possible)
    const found = new Map(values.map((value) => [keyOf(value), value]))
    return keys.map((key) => found.get(key) ?? null)
  })

/** As `loader`, for counts and flags: a key that was not found loads as `missing`. */
export const valueLoader = <Value>(
  fetch: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  missing: Value,
): DataLoader<string, Value> =>
  new DataLoader(async (keys) => {
    const found = await fetch(keys)
    return keys.map((key) => found.get(key) ?? missing)
  })
