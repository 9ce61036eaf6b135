/** Something that needs others, by name. */
export type Dependent = { readonly name: string; readonly dependencies: readonly string[] }

/** How often the order within the layers is improved; more changes little. */
const SWEEPS = 6

/**
 * Arranges things in layers, so that everything stands behind all that it needs, and orders each layer so that few lines
 * cross: the barycentre method of Sugiyama, Tagawa and Toda (1981). What is needed in a circle stands where the circle
 * was entered. Names that are not among the given are left out.
 */
export const arrange = (things: readonly Dependent[]): readonly (readonly string[])[] => {
  const needs = new Map(things.map(({ name, dependencies }) => [name, dependencies]))
  const depths = new Map<string, number>()

  const depthOf = (name: string, above: ReadonlySet<string>): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    const way = new Set([...above, name])
    const below = (needs.get(name) ?? []).filter((other) => needs.has(other) && !way.has(other))
    const depth = below.length === 0 ? 0 : 1 + Math.max(...below.map((other) => depthOf(other, way)))
    depths.set(name, depth)
    return depth
  }

  const layers: string[][] = []
  for (const { name } of things) {
    const depth = depthOf(name, new Set())
    while (layers.length <= depth) layers.push([])
    layers[depth]?.push(name)
  }

  const neighbours = new Map<string, string[]>(things.map(({ name }) => [name, []]))
  for (const { name, dependencies } of things) {
    for (const other of dependencies) {
      if (!needs.has(other)) continue
      neighbours.get(name)?.push(other)
      neighbours.get(other)?.push(name)
    }
  }
  // To and fro: a layer is ordered by those that were ordered before it.
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const ahead = sweep % 2 === 0
    for (const layer of ahead ? layers.slice(1) : layers.slice(0, -1).toReversed()) {
      const place = new Map(
        layers.flatMap((names) => names.map((name, index) => [name, (index + 0.5) / names.length] as const)),
      )
      const weight = (name: string): number => {
        const sought = (neighbours.get(name) ?? []).filter((other) => isBefore(depths, other, name) === ahead)
        if (sought.length === 0) return place.get(name) ?? 0.5
        return sought.reduce((sum, other) => sum + (place.get(other) ?? 0.5), 0) / sought.length
      }
      layer.sort((one, other) => weight(one) - weight(other))
    }
  }
  return layers
}

const isBefore = (depths: ReadonlyMap<string, number>, one: string, other: string): boolean =>
  (depths.get(one) ?? 0) < (depths.get(other) ?? 0)
