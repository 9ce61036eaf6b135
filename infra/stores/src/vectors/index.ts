/** Meanings as vectors, searched by likeness. */
export { openVectors } from './vectors.ts'
export type { Neighbour, Vector, VectorCollection, VectorEntry, Vectors } from './types.ts'
