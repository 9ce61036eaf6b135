import { forget, linkNode, nodeIn } from './lists.ts'
import { me, onField } from './updates.ts'
import type { Updates } from './updates.ts'
import type { UpdateResolver } from '@urql/exchange-graphcache'

const linkMemory = (field: string): UpdateResolver =>
  onField(field, (memory, cache) => {
    const fits = (args: Readonly<Record<string, unknown>>): boolean => {
      const kinds = args['kinds']
      return !Array.isArray(kinds) || kinds.includes(memory['kind'])
    }
    linkNode(cache, me(cache), 'memories', nodeIn(memory), 'start', fits)
  })

/** What is remembered. */
export const assistant: Updates = {
  Mutation: {
    remember: linkMemory('remember'),
    forget: onField('forget', (memory, cache) => {
      const person = me(cache)
      const node = nodeIn(memory)
      if (node !== undefined) cache.invalidate(node)
      if (person !== null) forget(cache, person, 'memories')
    }),
  },
  Subscription: { memoryAdded: linkMemory('memoryAdded') },
}
