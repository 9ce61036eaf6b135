/** A text's meaning as numbers, of any length above 0. */
export type Vector = readonly number[]

/** What is kept of a thing: its id, by what it can be selected (a label, and a group or none, the empty text), and its meaning. */
export type VectorEntry = { id: string; label: string; group: string; vector: Vector }

/** A thing that was found; `score` is the cosine of the angle, from -1 to 1. */
export type Neighbour = { id: string; score: number }

/** How many are sought, and among which. */
export type NearestSearch = { limit: number; labels?: readonly string[] | undefined; group?: string | undefined }

/**
 * Vectors that belong together, such as those of one person. Nothing of another collection is ever found in it.
 * Reading is for everybody at any time. Only one may write a collection at a time, in whatever process: the caller sees
 * to it.
 */
export type VectorCollection = {
  /** Writes entries; those of ids that are there already are replaced. */
  put(entries: readonly VectorEntry[]): Promise<void>
  /**
   * The entries with the smallest angle to a vector, the nearest first; only those with one of `labels`, and only those
   * of a group, when given.
   */
  nearest(vector: Vector, search: NearestSearch): Promise<Neighbour[]>
  /** The entries of ids, as far as they are there, in any order. */
  entries(ids: readonly string[]): Promise<VectorEntry[]>
  /** The ids of all entries, in any order. */
  ids(): Promise<string[]>
  /** Removes entries for good: when it resolves, no file holds them any more, also of earlier versions. */
  erase(ids: readonly string[]): Promise<void>
}

/** Meanings that can be searched by likeness. */
export type Vectors = {
  /** A collection by name: 1 to 100 letters, digits, `_` and `-`. It comes into being with its first entry. */
  collection(name: string): VectorCollection
  /** The names of the collections that have entries. */
  names(): Promise<string[]>
  /** Rejects while the vectors cannot be read: a readiness check. What was not used yet is not looked for. */
  check(): Promise<void>
  close(): Promise<void>
}
