import { randomUUID } from 'node:crypto'
import { SignJWT, decodeJwt, decodeProtectedHeader, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { callerAt, signIn } from './client.ts'
import type { System } from './system.ts'

/** What must never reach a client: addresses, paths, stacks, and words of the stores. */
const insides =
  /127\.0\.0\.1|localhost|node_modules|\/(src|subgraphs|gateway)\/|\bat .+:\d+:\d+|prisma|postgres|mongo|ECONNREFUSED|jose|JWS/i

/** What a caller sees who does something wrong. */
export const describeErrors = (running: () => System): void => {
  describe('somebody who does something wrong', () => {
    const wrong: [string, string, Record<string, unknown> | undefined, string][] = [
      ['a document that is no GraphQL', '{ me {', undefined, 'GRAPHQL_PARSE_FAILED'],
      ['a field that does not exist', '{ nothing }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
      ['a missing argument', '{ instrument { symbol } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
      [
        'a variable of a wrong type',
        'query ($first: Int) { instruments(first: $first) { edges { cursor } } }',
        { first: 'three' },
        'BAD_USER_INPUT',
      ],
      ['a page that is too large', '{ instruments(first: 100000) { edges { cursor } } }', undefined, 'BAD_USER_INPUT'],
      ['a cursor of nowhere', '{ instruments(after: "nowhere") { edges { cursor } } }', undefined, 'BAD_USER_INPUT'],
      [
        'a currency that does not exist',
        '{ exchangeRates(base: "XYZ") { rate } }',
        undefined,
        'GRAPHQL_VALIDATION_FAILED',
      ],
      ['a body that is too large', `{ ${'a'.repeat(2_000_000)} }`, undefined, 'PAYLOAD_TOO_LARGE'],
      [
        'a document that is too deep',
        `{ me { ${'sessions { edges { node { user { '.repeat(40)} id ${'} } } } '.repeat(40)} } }`,
        undefined,
        'LIMIT_EXCEEDED',
      ],
    ]

    it.each(wrong)('reads a code for %s, and nothing of the inside', async (_what, query, variables, code) => {
      const { codes, errors } = await callerAt(running()).ask(query, variables)
      expect(codes[0]).toBe(code)
      expect(JSON.stringify(errors)).not.toMatch(insides)
    })

    it('finds nothing under an id that does not exist, and nobody else’s things under those that do', async () => {
      const system = running()
      const [ada, bob] = await Promise.all([signIn(system, 'ada'), signIn(system, 'bob')])
      const { data } = await ada.ask('{ me { accounts(first: 1) { edges { node { id } } } } }')
      const own = data.me.accounts.edges[0].node.id as string
      const account = 'query ($id: ID!) { account(id: $id) { id } }'
      expect((await ada.ask(account, { id: own })).data.account).toEqual({ id: own })
      const [foreign, unknown] = await Promise.all([
        bob.ask(account, { id: own }),
        bob.ask(account, { id: randomUUID() }),
      ])
      expect(foreign.data).toEqual({ account: null })
      expect(foreign.errors).toEqual(unknown.errors)
    })

    it('is told that an old token has expired, and that a forged one is none', async () => {
      const system = running()
      const ada = await signIn(system, 'ada')
      const claims = decodeJwt(ada.token ?? '')
      const { kid = '' } = decodeProtectedHeader(ada.token ?? '')
      const { privateKey } = await generateKeyPair('ES256')
      const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
      const answers = await Promise.all(
        [forged, `${ada.token}x`, 'nonsense', [...(ada.token ?? '').split('.').slice(0, 2), ''].join('.')].map(
          (token) => callerAt(system, token).ask('{ me { id } }'),
        ),
      )
      for (const { status, codes, errors } of answers) {
        expect(codes).toEqual(['UNAUTHENTICATED'])
        expect(status).toBe(401)
        expect(JSON.stringify(errors)).not.toMatch(insides)
      }
    })

    it('cannot become somebody by sending an identity of its own', async () => {
      const response = await fetch(`${running().url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-codai-identity': 'anything' },
        body: JSON.stringify({ query: '{ me { id } }' }),
      })
      expect(await response.json()).toEqual({ data: { me: null } })
    })

    it('reaches no service past the gateway', async () => {
      const response = await fetch(`${running().serviceUrl('bancai')}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ exchangeRates { rate } }' }),
      })
      const body = (await response.json()) as { errors: { extensions: { code: string } }[] }
      expect(body.errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
    })
  })
}
