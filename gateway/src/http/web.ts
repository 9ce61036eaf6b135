import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Codai gateway</title></head>
  <body>
    <h1>The gateway is running</h1>
    <p>The web application is not built yet. Build it with <code>npm start</code>, or <code>npx vite build</code> in <code>web/</code>.</p>
    <p>The graph is at <a href="/graphql">/graphql</a>, the state of its services at <a href="/health/services">/health/services</a>.</p>
  </body>
</html>
`
/** Paths of programs, for which a page would be a wrong answer. */
const NOT_PAGES = /^\/(graphql|health|metrics|assets)(\/|$)/
const YEAR_SECONDS = 31_536_000

/**
 * Serves the built web application: its assets for ever (their names carry their hash), its pages always fresh. Paths
 * that only the application knows get its page.
 */
export const serveWeb = async (app: FastifyInstance, folder: string): Promise<void> => {
  // The folder is given with each file, because it need not exist yet; a root that does not exist draws a warning.
  await app.register(fastifyStatic, { root: import.meta.dirname, serve: false, cacheControl: false })

  const sendPage = async (reply: FastifyReply, file: string): Promise<FastifyReply> => {
    void reply.header('cache-control', 'no-cache')
    if (!existsSync(join(folder, file))) return reply.type('text/html; charset=utf-8').send(NOT_BUILT)
    return reply.sendFile(file, folder)
  }

  app.get('/', async (_request, reply) => sendPage(reply, 'index.html'))
  app.get('/explorer', async (_request, reply) => sendPage(reply, 'explorer.html'))
  app.get('/*', async (request: FastifyRequest<{ Params: { '*': string } }>, reply) => {
    const path = request.params['*']
    if (isFile(folder, path)) {
      const immutable = path.startsWith('assets/')
      void reply.header('cache-control', immutable ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache')
      return reply.sendFile(path, folder)
    }
    const wantsPage = request.headers.accept?.includes('text/html') && !NOT_PAGES.test(`/${path}`)
    return wantsPage ? sendPage(reply, 'index.html') : reply.callNotFound()
  })
}

/** A name with an extension inside the folder. What leads out of it is left to @fastify/static, which refuses it. */
const isFile = (folder: string, path: string): boolean => /\.\w+$/.test(path) && existsSync(join(folder, path))
