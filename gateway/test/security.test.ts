import { ConfigError } from '@codai/runtime'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { connect, startTestGateway } from './fixtures/gateway.ts'
import type { AskOptions, TestGateway } from './fixtures/gateway.ts'
import { startLibraryGateway } from './fixtures/library-gateway.ts'
import type { LibraryGateway } from './fixtures/library-gateway.ts'
import type { Library } from './fixtures/library.ts'
import type { Issuer } from './fixtures/tokens.ts'

let started: LibraryGateway
let library: Library
let issuer: Issuer
let gateway: TestGateway

beforeAll(async () => {
  started = await startLibraryGateway()
  ;({ library, issuer, gateway } = started)
})

afterAll(() => started.stop())

const verdict = async (query: string, options?: AskOptions): Promise<unknown> => {
  const asked = library.people.requests.length
  const { status, data, errors } = await gateway.ask(query, options)
  if (!errors) return data
  expect(data).toBeUndefined()
  expect(library.people.requests.length).toBe(asked)
  return [status, errors[0]?.extensions['code'], errors[0]?.extensions['field']]
}

const refused = (field: string): unknown => [401, 'UNAUTHENTICATED', field]

describe('@authenticated refuses an anonymous operation before anything is fetched', () => {
  it('on a field', async () => {
    expect(await verdict('{ people { name } me { name } }')).toEqual(refused('Query.me'))
  })

  it('on a field deep in a fragment, whatever its alias', async () => {
    const query = '{ books { ...Deep } } fragment Deep on Book { author { ... on Person { mail: email } } }'
    expect(await verdict(query)).toEqual(refused('Person.email'))
  })

  it('on an object type, a scalar type and a member of a union', async () => {
    expect(await verdict('{ vault { __typename } }')).toEqual(refused('Query.vault'))
    expect(await verdict('{ secret }')).toEqual(refused('Query.secret'))
    expect(await verdict('{ anything { ... on Vault { gold } } }')).toEqual(refused('Vault.gold'))
  })

  it('through a fragment on an interface', async () => {
    expect(await verdict('{ named { name ... on Person { email } } }')).toEqual(refused('Person.email'))
  })

  it('names the first such field of the document', async () => {
    expect(await verdict('{ people { email } me { name } }')).toEqual(refused('Person.email'))
  })

  it('unless the selection is taken out by @skip or @include', async () => {
    const query = 'query ($in: Boolean = false) { people { name email @include(if: $in) } }'
    expect(await verdict(query)).toMatchObject({ people: [{ name: 'Ada' }, {}] })
    expect(await verdict(query, { variables: { in: true } })).toEqual(refused('Person.email'))
    expect(await verdict('{ people { name email @skip(if: true) } }')).toMatchObject({ people: [{ name: 'Ada' }, {}] })
  })

  it('and lets everything else pass without an identity', async () => {
    expect(await verdict('{ named { __typename name } anything { ... on Robot { serial } } }')).toEqual({
      named: [
        { __typename: 'Person', name: 'Ada' },
        { __typename: 'Robot', name: 'R2' },
      ],
      anything: { serial: '1' },
    })
  })

  it('and lets a signed-in caller pass', async () => {
    expect(await verdict('{ me { name email } }', { token: await issuer.sign() })).toEqual({
      me: { name: 'Ada', email: 'ada@example.org' },
    })
  })

  it('over a WebSocket as well', async () => {
    const client = connect(gateway)
    const { value } = await client.iterate({ query: '{ me { name } }' }).next()
    expect(value).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED', field: 'Query.me' } }] })
    expect(value).not.toHaveProperty('data')
    await client.dispose()
  })
})

describe('@requiresScopes', () => {
  const query = '{ people { notes } }'

  it('asks an anonymous caller to sign in', async () => {
    expect(await verdict(query)).toEqual(refused('Person.notes'))
  })

  it('forbids a caller who has all scopes of no alternative', async () => {
    const token = await issuer.sign({ scope: 'admin other' })
    expect(await verdict(query, { token })).toEqual([403, 'FORBIDDEN', 'Person.notes'])
  })

  it('allows a caller who has all scopes of one alternative', async () => {
    for (const scope of ['notes:read', 'x audit admin']) {
      const token = await issuer.sign({ scope })
      expect(await verdict(query, { token })).toMatchObject({ people: [{ notes: 'kept' }, {}] })
    }
  })
})

describe('a supergraph that cannot be enforced', () => {
  it('is refused at load when it uses @policy, in words that say so', async () => {
    const sdl = compose([
      {
        name: 'vaults',
        url: 'http://127.0.0.1:1/graphql',
        typeDefs: parse(`
          extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@policy"])
          type Query { vault: Int @policy(policies: [["owner"]]) }
        `),
      },
    ])
    const starting = startTestGateway(sdl)
    await expect(starting).rejects.toThrow(ConfigError)
    await expect(starting).rejects.toThrow('it uses @policy (at Query.vault)')
  })
})
