import fastify from 'fastify'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { demoPassword } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { openBrowser } from './browser.fixture.ts'
import type { Service } from './context.ts'
import { codeOf, enrol, signInAs, signUpAs } from './logai.fixture.ts'
import type { SignedIn } from './logai.fixture.ts'
import { errandOf, exchange, loopbackUri, redirectUri, register } from './oauth.fixture.ts'
import type { Application } from './oauth.fixture.ts'
import { routes } from './routes.ts'
import logai from './subgraph.ts'

let world: TestWorld
let ada: SignedIn
let notebook: Application
beforeAll(async () => {
  // The clock stands still, but for `advance`: what an application shows must not change under a slow test.
  vi.useFakeTimers({ toFake: ['Date'] })
  world = await startWorld([logai])
  ada = await signInAs(world, 'ada')
  notebook = await register(world, ada)
})
afterAll(async () => {
  await world?.stop()
  vi.useRealTimers()
})

const openPage = async (parameters: Record<string, string> = {}, browser = openBrowser()) =>
  browser.open((await errandOf(notebook, parameters)).url)
const bob = { handle: 'bob', password: demoPassword }

it('asks for handle and password, then for consent in words', async () => {
  const page = await openPage()
  expect(page.status).toBe(200)
  expect(page.html).toContain('<html lang="en">')
  expect(page.html).toContain('<strong>Notebook</strong> asks you to sign in')
  expect(page.html).toMatch(/<label for="password">[^<]+<\/label>\s*<input id="password"/)
  const consent = await page.press('sign-in', bob)
  expect(consent.html).toContain('@bob')
  expect(consent.html).toContain('an application of @ada')
  expect(consent.html).toContain('see your e-mail address')
  expect(consent.html).toContain(redirectUri)
  expect((await consent.press('allow')).leftTo?.searchParams.get('code')).toEqual(expect.any(String))
})

it('remembers who is signed in, and asks for consent again', async () => {
  const browser = openBrowser()
  await (await openPage({}, browser)).press('sign-in', bob)
  const again = await openPage({}, browser)
  expect(again.html).toContain('Let Notebook in?')
  const switched = await again.press('switch')
  expect(switched.html).toContain('Sign in')
  const carol = await switched.press('sign-in', { handle: 'carol', password: demoPassword })
  expect(carol.html).toContain('@carol')
})

it('takes no for an answer', async () => {
  const denied = await (await (await openPage({ state: 'mine & yours' })).press('sign-in', bob)).press('deny')
  expect(Object.fromEntries(denied.leftTo?.searchParams ?? [])).toMatchObject({
    error: 'access_denied',
    state: 'mine & yours',
    iss: world.hosted().platform.config.issuerUrl,
  })
})

it('says in the same words that a handle or a password is wrong', async () => {
  for (const handle of ['bob', 'nobody']) {
    const refused = await (await openPage()).press('sign-in', { handle, password: 'not the password' })
    expect(refused.status).toBe(401)
    expect(refused.html).toContain('role="alert" id="problem">The handle or the password is wrong.')
    expect(refused.html).toContain(`value="${handle}"`)
    expect((await refused.press('sign-in', bob)).html).toContain('@bob')
  }
})

it('asks for the second factor of an account that has one', async () => {
  const person = await signUpAs(world, 'careful')
  const { secret } = await enrol(world, person.client)
  const browser = openBrowser()
  const step = await (await openPage({}, browser)).press('sign-in', { handle: 'careful', password: demoPassword })
  expect(step.html).toContain('autocomplete="one-time-code"')
  expect((await openPage({}, browser)).html).toContain('asks you to sign in')
  const wrong = await step.press('answer', { code: '123' })
  expect(wrong.status).toBe(401)
  expect(wrong.html).toContain('role="alert"')
  world.advance(30_000)
  const consent = await wrong.press('answer', { code: codeOf(world, secret) })
  expect(consent.html).toContain('@careful')
})

it('takes no form that another page has sent', async () => {
  const browser = openBrowser()
  const consent = await (await openPage({}, browser)).press('sign-in', bob)
  const forged = await consent.press('allow', { csrf: 'a guess' })
  expect(forged.status).toBe(403)
  expect(forged.leftTo).toBeUndefined()
  browser.cookies.clear()
  const elsewhere = await consent.press('allow')
  expect(elsewhere.status).toBe(403)
})

it('gives the browser a new cookie at sign-in, so that a planted one is worth nothing', async () => {
  const browser = openBrowser()
  const page = await openPage({}, browser)
  const planted = new Map(browser.cookies)
  await page.press('sign-in', bob)
  expect([...browser.cookies.values()]).not.toEqual([...planted.values()])
  const victim = openBrowser()
  for (const [name, value] of planted) victim.cookies.set(name, value)
  expect((await openPage({}, victim)).html).toContain('asks you to sign in')
})

it('sends nobody to an address that is not registered', async () => {
  const bad = [
    'https://evil.example/callback',
    `${redirectUri}/more`,
    `${redirectUri}?more=1`,
    'https://notebook.example:8443/callback',
    'http://127.0.0.1:8080/elsewhere',
    'http://127.0.0.1:8080@evil.example/callback',
    'http://localhost:8080/callback',
    'https://127.0.0.1:8080/callback',
    'not an address',
  ]
  for (const uri of bad) {
    const page = await openPage({ redirect_uri: uri })
    expect([uri, page.status, page.leftTo]).toEqual([uri, 400, undefined])
    expect(page.html).toContain('did not register')
  }
  const unknown = await openPage({ client_id: 'no-such-application' })
  expect([unknown.status, unknown.leftTo]).toEqual([400, undefined])
  const twice = (await errandOf(notebook)).url
  twice.searchParams.append('redirect_uri', loopbackUri)
  expect((await openBrowser().open(twice)).status).toBe(400)
})

it('tells the application, at its own address, what is wrong with the request', async () => {
  const wrong: [Record<string, string>, string][] = [
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_mode: 'fragment' }, 'invalid_request'],
    [{ scope: 'openid everything' }, 'invalid_scope'],
    [{ scope: '' }, 'invalid_scope'],
    [{ scope: ' ' }, 'invalid_scope'],
    [{ code_challenge: '' }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge_method: '' }, 'invalid_request'],
    [{ prompt: 'none login' }, 'invalid_request'],
    [{ max_age: 'soon' }, 'invalid_request'],
    [{ request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    [{ request_uri: 'https://notebook.example/request' }, 'request_uri_not_supported'],
    [{ prompt: 'none' }, 'login_required'],
  ]
  for (const [parameters, error] of wrong) {
    const { leftTo } = await openPage({ state: 'kept', ...parameters })
    expect([parameters, leftTo?.origin, leftTo?.searchParams.get('error'), leftTo?.searchParams.get('state')]).toEqual([
      parameters,
      'https://notebook.example',
      error,
      'kept',
    ])
  }
})

it('asks to sign in anew when the application needs it, or the sign-in is too old', async () => {
  const browser = openBrowser()
  await (await openPage({}, browser)).press('sign-in', bob)
  expect((await openPage({ prompt: 'none' }, browser)).leftTo?.searchParams.get('error')).toBe('consent_required')
  expect((await openPage({ max_age: '600' }, browser)).html).toContain('Let Notebook in?')
  const anew = await openPage({ prompt: 'login', login_hint: 'bob' }, browser)
  expect(anew.html).toContain('value="bob"')
  expect((await anew.press('allow')).html).toContain('asks you to sign in')
  expect((await anew.press('sign-in', bob)).html).toContain('Let Notebook in?')
  world.advance(601_000)
  const errand = await errandOf(notebook, { max_age: '600' })
  const old = await browser.open(errand.url)
  expect(old.html).toContain('asks you to sign in')
  const left = await (await old.press('sign-in', bob)).press('allow')
  const claims = (await exchange(notebook, errand, left.leftTo ?? errand.url)).claims()
  expect(claims?.auth_time).toBe(Math.floor(world.hosted().platform.now().getTime() / 1000))
})

it('forgets the browser when the password changes', async () => {
  const person = await signUpAs(world, 'changes_it')
  const browser = openBrowser()
  await (await openPage({}, browser)).press('sign-in', { handle: 'changes_it', password: demoPassword })
  expect((await openPage({}, browser)).html).toContain('Let Notebook in?')
  const change = `mutation { changePassword(input: { currentPassword: "${demoPassword}", newPassword: "quite another password" }) { id } }`
  expect((await person.client.query(change)).codes).toEqual([])
  expect((await openPage({}, browser)).html).toContain('asks you to sign in')
})

it('shows names of applications as text, in no frame, from no memory, and without scripts', async () => {
  const name = '<script>alert("1")</script>'
  const hostile = await register(world, ada, { name })
  const page = await openBrowser().open((await errandOf(hostile, { login_hint: '"><b>' })).url)
  expect(page.html).not.toContain('<script')
  expect(page.html).not.toContain('<b>')
  expect(page.html).toContain('&lt;script&gt;')
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
  expect(page.headers.get('x-frame-options')).toBe('DENY')
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(page.headers.get('referrer-policy')).toBe('no-referrer')
})

it('gives a cookie that scripts, other sites and, behind TLS, plain HTTP never see', async () => {
  const { service, platform } = world.hosted()
  const app = fastify()
  routes(app, service as Service, {
    ...platform,
    config: { ...platform.config, issuerUrl: 'https://login.codai.example' },
  })
  const { pathname, search } = (await errandOf(notebook)).url
  const answer = await app.inject(`${pathname}${search}`)
  expect(answer.headers['set-cookie']).toMatch(
    /^__Host-codai=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure$/,
  )
  await app.close()
  const plain = await openPage()
  expect(plain.headers.get('set-cookie')).toMatch(/^codai=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/)
})
