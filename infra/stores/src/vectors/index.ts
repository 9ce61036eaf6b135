/** Meanings as vectors, searched by likeness. */
export { openVectors } from './vectors.ts'
export type { NearestSearch, Neighbour, Vector, VectorCollection, VectorEntry, Vectors } from './types.ts'
