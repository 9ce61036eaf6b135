import type { FastifyInstance } from 'fastify'
import type { Service } from './context.ts'

/** What logai answers beside GraphQL. */
export const routes = (app: FastifyInstance, { keys }: Service): void => {
  app.get('/jwks.json', async (_request, reply) => {
    // Short enough that a new key is known a day before it signs, long enough to spare us most questions.
    await reply.header('cache-control', 'public, max-age=300').send(await keys.published())
  })
}
