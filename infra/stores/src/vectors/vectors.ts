import type { VectorsOptions } from './lance.ts'
import type { VectorCollection, Vectors } from './types.ts'

/**
 * Opens vectors in a folder or in object storage. Nothing is loaded before the first use: LanceDB takes about 100 MB of
 * memory. Then each use throws StoreError STORE_UNREACHABLE while the place cannot be used.
 */
export function openVectors(options: VectorsOptions): Vectors {
  let opened: Promise<Vectors> | undefined

  async function open(): Promise<Vectors> {
    try {
      const { openLance } = await import('./lance.ts')
      return await openLance(options)
    } catch (error) {
      // The next use tries again.
      opened = undefined
      throw error
    }
  }

  const present = (): Promise<Vectors> => (opened ??= open())
  const collection = async (name: string): Promise<VectorCollection> => (await present()).collection(name)

  return {
    collection: (name) => ({
      put: async (entries) => (await collection(name)).put(entries),
      nearest: async (vector, search) => (await collection(name)).nearest(vector, search),
      entries: async (ids) => (await collection(name)).entries(ids),
      ids: async () => (await collection(name)).ids(),
      erase: async (ids) => (await collection(name)).erase(ids),
    }),
    names: async () => (await present()).names(),
    check: async () => {
      if (opened) await (await opened).check()
    },
    close: async () => {
      if (opened) await (await opened).close()
    },
  }
}
