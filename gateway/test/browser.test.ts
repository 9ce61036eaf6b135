import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

let library: Library
let sdl: string
let gateway: TestGateway
let webFolder: string

beforeAll(async () => {
  library = await startLibrary()
  sdl = compose([library.people, library.books, library.reviews])
  webFolder = await mkdtemp(join(tmpdir(), 'web-'))
  await mkdir(join(webFolder, 'assets'))
  await writeFile(join(webFolder, 'index.html'), '<title>Codai</title>')
  await writeFile(join(webFolder, 'explorer.html'), '<title>Explorer</title>')
  await writeFile(join(webFolder, 'assets', 'index-1a2b.js'), 'export {}')
  gateway = await startTestGateway(sdl, { webFolder, config: { corsOrigins: ['https://app.example'] } })
})

afterAll(async () => {
  await gateway.stop()
  await library.stop()
  await rm(webFolder, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = HTML): Promise<Response> =>
  fetch(`${gateway.url}${path}`, { headers })

describe('a browser', () => {
  it('is given the application at / and at the paths that only the application knows', async () => {
    for (const path of ['/', '/catalogue/bancai', '/users/a.person']) {
      const response = await get(path)
      expect(await response.text()).toBe('<title>Codai</title>')
      expect(response.headers.get('cache-control')).toBe('no-cache')
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self';")
    }
  })

  it('is given the explorer that needs no internet', async () => {
    expect(await (await get('/explorer')).text()).toBe('<title>Explorer</title>')
  })

  it('may keep assets for ever, and is told of those that do not exist', async () => {
    const asset = await get('/assets/index-1a2b.js')
    expect(asset.headers.get('content-type')).toContain('javascript')
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await get('/assets/index-gone.js')).status).toBe(404)
  })

  it('cannot read files outside the application', async () => {
    for (const path of ['/..%2f..%2fetc/passwd', '/assets/..%2f..%2f..%2fetc/hosts.conf', '/%2e%2e/package.json']) {
      const text = await (await get(path)).text()
      expect(text).not.toMatch(/root:|"name"/)
    }
  })

  it('is shown Apollo Sandbox at /graphql, and the way to the explorer for when it does not load', async () => {
    const response = await get('/graphql')
    const html = await response.text()
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('content-security-policy')).toContain('https://*.cdn.apollographql.com')
    expect(html).toContain('embeddable-sandbox')
    expect(html).toContain('<a href="/explorer">')
  })

  it('may call from the origins that the configuration names, and from no others', async () => {
    const preflight = async (origin: string): Promise<string | null> => {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      })
      return response.headers.get('access-control-allow-origin')
    }
    expect(await preflight('https://app.example')).toBe('https://app.example')
    expect(await preflight('https://evil.example')).toBeNull()
  })

  it('gets large answers compressed', async () => {
    const body = JSON.stringify({ query: '{ __schema { types { name fields { name args { name } } } } }' })
    for (const encoding of ['br', 'gzip']) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-encoding': encoding },
        body,
      })
      expect(response.headers.get('content-encoding')).toBe(encoding)
      expect(await response.json()).toHaveProperty('data.__schema')
    }
  })
})

describe('without a built application', () => {
  it('/ says how to build it', async () => {
    const bare = await startTestGateway(sdl, { webFolder: join(tmpdir(), 'no-such-folder') })
    const response = await fetch(bare.url, { headers: HTML })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('not built yet')
    await bare.stop()
  })
})

describe('in production', () => {
  it('there is neither introspection nor a landing page', async () => {
    const production = await startTestGateway(sdl, { config: { nodeEnv: 'production' } })
    const { status, errors } = await production.ask('{ __schema { queryType { name } } }')
    expect([status, errors?.[0]?.extensions['code']]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED'])
    expect((await fetch(`${production.url}/graphql`, { headers: HTML })).status).toBe(400)
    await production.stop()
  })
})
