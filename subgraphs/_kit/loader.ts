import DataLoader from 'dataloader'

/**
 * A DataLoader over one batched store call. `fetch` gets distinct keys and gives what it found, in any order;
 * `keyOf` says which key a found value answers. A key that was not found loads as null.
 */
export const loader = <Value>(
  fetch: (keys: readonly string[]) => Promise<readonly Value[]>,
  keyOf: (value: Value) => string,
): DataLoader<string, Value | null> =>
  new DataLoader(async (keys) => {
    const found = new Map((await fetch(keys)).map((value) => [keyOf(value), value]))
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
