import type { UpdateResolver } from '@urql/exchange-graphcache'
import { linkNode, nodeIn, unlinkNode } from './lists.ts'
import { me, onField } from './updates.ts'
import type { Updates } from './updates.ts'

const linkKey = (field: string): UpdateResolver =>
  onField(field, ({ key }, cache) => {
    const app = nodeIn((key as { app?: unknown } | null)?.app)
    if (app !== undefined) linkNode(cache, app, 'keys', nodeIn(key))
  })

/** Apps and their keys. */
export const developers: Updates = {
  Mutation: {
    createApp: onField('createApp', (app, cache) => linkNode(cache, me(cache), 'apps', nodeIn(app))),
    deleteApp: onField('deleteApp', (app, cache) => unlinkNode(cache, me(cache), 'apps', nodeIn(app))),
    issueKey: linkKey('issueKey'),
    rotateKey: linkKey('rotateKey'),
    registerOperation: onField('registerOperation', (operation, cache) => {
      const app = nodeIn(operation['app'])
      if (app !== undefined) linkNode(cache, app, 'operations', nodeIn(operation))
    }),
    removeOperation: onField('removeOperation', (operation, cache) => {
      const app = nodeIn(operation['app'])
      if (app !== undefined) unlinkNode(cache, app, 'operations', nodeIn(operation))
    }),
  },
}
