import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import { catalogue, catalogueRow } from '@codai/subgraphs/catalogue'
import { registeredPorts } from '@codai/subgraphs/registry'
import { generateCode } from './gen.ts'
import { say, step } from './progress.ts'

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

const templates = (name: string): Readonly<Record<string, string>> => {
  const title = capital(name)
  const type = `${title}Note`
  return {
    'schema.graphql': `type Query {
  """A note by id; null when there is none, or when it is not the caller's."""
  ${name}Note(id: ID!): ${type} @authenticated
}

type Mutation {
  """Writes a note of the caller. The same idempotency key writes once."""
  write${type}(input: Write${type}Input!): ${type} @authenticated
}

extend type User @key(fields: "id") {
  """Opaque and stable."""
  id: ID!
  """The person's notes, newest first. Only for the person, administrators and services."""
  ${name}Notes(first: Int = 20, after: String): ${type}Connection @authenticated
}

"""A note: replace it by what ${title} is for."""
type ${type} @key(fields: "id") @authenticated {
  """Opaque and stable."""
  id: ID!
  """Whose note it is."""
  owner: User!
  """The words."""
  text: String!
  """When it was written."""
  createdAt: DateTime!
}

"""A page of notes."""
type ${type}Connection @authenticated {
  """The notes with their cursors."""
  edges: [${type}Edge!]!
  """Where the page stands."""
  pageInfo: PageInfo!
}

"""A note in a page."""
type ${type}Edge @authenticated {
  """Pass it as \`after\` to go on behind this item."""
  cursor: String!
  """The note."""
  node: ${type}!
}

"""A new note."""
input Write${type}Input {
  """The words: 1 to 500 characters."""
  text: String!
  """1 to 100 characters that make a repeated call harmless."""
  idempotencyKey: String!
}
`,
    'model.prisma': `model ${type} {
  id             String   @id
  ownerId        String   @map("owner_id")
  text           String
  idempotencyKey String   @map("idempotency_key")
  createdAt      DateTime @default(now()) @map("created_at") @db.Timestamptz(3)

  @@unique([ownerId, idempotencyKey])
  @@index([ownerId, id(sort: Desc)])
  @@map("note")
  @@schema("${name}")
}
`,
    'migrations/20260101000000_init/migration.sql': `CREATE TABLE "${name}"."note" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "owner_id" TEXT NOT NULL,
  "text" TEXT NOT NULL,
  "idempotency_key" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE UNIQUE INDEX "note_owner_id_idempotency_key_key" ON "${name}"."note"("owner_id", "idempotency_key");
CREATE INDEX "note_owner_id_id_idx" ON "${name}"."note"("owner_id", "id" DESC);
`,
    'store.ts': `import type { Platform } from '../_kit/index.ts'

/** A note as it is stored. */
export type ${type}Record = { id: string; ownerId: string; text: string; idempotencyKey: string; createdAt: Date }

/** What ${name} reads and writes. */
export type Store = {
  notesByIds(ids: readonly string[]): Promise<${type}Record[]>
  notesOf(ownerId: string, limit: number, after: string | undefined): Promise<${type}Record[]>
  /** Writes a note, or gives the one that the same key wrote before. */
  writeNote(note: ${type}Record): Promise<${type}Record>
}

/** Opens the tables of ${name}. */
export const openStore = async (platform: Platform): Promise<Store> => {
  const prisma = await platform.relational()
  return {
    notesByIds: (ids) => prisma.${name}Note.findMany({ where: { id: { in: [...ids] } } }),
    notesOf: (ownerId, limit, after) =>
      prisma.${name}Note.findMany({
        where: { ownerId, ...(after !== undefined && { id: { lt: after } }) },
        orderBy: { id: 'desc' },
        take: limit,
      }),
    writeNote: async (note) => {
      const { ownerId, idempotencyKey } = note
      await prisma.${name}Note.createMany({ data: [note], skipDuplicates: true })
      return prisma.${name}Note.findUniqueOrThrow({ where: { ownerId_idempotencyKey: { ownerId, idempotencyKey } } })
    },
  }
}
`,
    'notes.ts': `import { codedError, requireKey, requiredText } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { ${type}Record, Store } from './store.ts'

const longestText = 500

/** The rules of notes. */
export type Notes = {
  write(ownerId: string, input: { text: string; idempotencyKey: string }): Promise<${type}Record>
}

/** Notes over their store. */
export const createNotes = ({ newId, now }: Platform, store: Store): Notes => ({
  write: async (ownerId, input) => {
    const text = requiredText(input.text, longestText, 'text')
    const idempotencyKey = requireKey(input.idempotencyKey)
    const note = await store.writeNote({ id: newId(), ownerId, text, idempotencyKey, createdAt: now() })
    if (note.text !== text) throw codedError('CONFLICT', 'This idempotency key was used for another note.')
    return note
  },
})
`,
    'context.ts': `import { loader } from '../_kit/index.ts'
import type { ContextOf, LoaderRequest, Platform } from '../_kit/index.ts'
import { createNotes } from './notes.ts'
import { openStore } from './store.ts'

export const open = async (platform: Platform) => {
  const store = await openStore(platform)
  return { store, notes: createNotes(platform, store) }
}

type Service = Awaited<ReturnType<typeof open>>

export const loaders = ({ store }: Service, _request: LoaderRequest) => ({
  note: loader(store.notesByIds, ({ id }) => id),
})

export type Context = ContextOf<typeof open, typeof loaders>
`,
    'resolvers.ts': `import { z } from 'zod'
import { connection, maySee, requireMaySee, requireUser } from '../_kit/index.ts'
import type { Resolvers } from '../.generated/${name}.ts'
import type { Context } from './context.ts'
import type { ${type}Record } from './store.ts'

const visibleNote = async (id: string, context: Context): Promise<${type}Record | null> => {
  const note = await context.loaders.note.load(id)
  return note && maySee(context, note.ownerId) ? note : null
}

export const resolvers: Resolvers = {
  Query: {
    ${name}Note: (_root, { id }, context) => visibleNote(id, context),
  },
  Mutation: {
    write${type}: (_root, { input }, context) => context.service.notes.write(requireUser(context), input),
  },
  User: {
    ${name}Notes: ({ id }, args, context) => {
      requireMaySee(context, id, 'these notes')
      return connection(args, {
        position: z.string(),
        positionOf: (note: ${type}Record) => note.id,
        fetch: (limit, after) => context.service.store.notesOf(id, limit, after),
      })
    },
  },
  ${type}: {
    __resolveReference: ({ id }, context) => visibleNote(id, context),
    owner: ({ ownerId }) => ({ id: ownerId }),
  },
}
`,
    'seed.ts': `import { demoPeople } from '../_kit/index.ts'
import type { Service } from './subgraph.ts'

/** A note of the demo data. */
export const demoNote = '01J${name
      .toUpperCase()
      .replace(/[ILOU]/g, '0')
      .padEnd(10, '0')
      .slice(0, 10)}N0TE000000001'.slice(0, 26)

/** Writes the demo data; harmless when it is there. */
export const seed = async ({ store }: Service): Promise<void> => {
  await store.writeNote({
    id: demoNote,
    ownerId: demoPeople.ada.id,
    text: 'The first note of ${title}.',
    idempotencyKey: 'demo',
    createdAt: new Date('2026-01-15T09:00:00Z'),
  })
}
`,
    'subgraph.ts': `import { defineSubgraph } from '../_kit/index.ts'
import type { Subgraph } from '../_kit/index.ts'
import { sdl } from '../.generated/${name}.ts'
import { loaders, open } from './context.ts'
import { resolvers } from './resolvers.ts'
import { seed } from './seed.ts'

export type Service = Awaited<ReturnType<typeof open>>

const ${name}: Subgraph = defineSubgraph({
  name: '${name}',
  sdl,
  open,
  loaders,
  resolvers,
  seed,
})

export default ${name}
`,
    [`${name}.test.ts`]: `import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld, testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { demoNote } from './seed.ts'
import ${name} from './subgraph.ts'

const { ada, bob } = demoPeople

testConformance(${name}, {
  entities: {
    User: { keys: [{ id: ada.id }] },
    ${type}: { keys: [{ id: demoNote }], visibleTo: ada },
  },
  mutations: {
    write${type}: {
      arguments: { input: { text: 'Remember this.', idempotencyKey: 'conformance' } },
      stranger: 'OWN',
      bad: [
        { arguments: { input: { text: '', idempotencyKey: 'empty' } }, code: 'BAD_USER_INPUT' },
        { arguments: { input: { text: 'x'.repeat(501), idempotencyKey: 'long' } }, code: 'BAD_USER_INPUT' },
      ],
    },
  },
  subscriptions: {},
})

describe('${name}', () => {
  let world: TestWorld
  beforeAll(async () => {
    world = await startWorld([${name}])
  })
  afterAll(() => world?.stop())

  const write = \`mutation ($input: Write${type}Input!) { write${type}(input: $input) { id text owner { id } } }\`

  it('writes a note once for a key, however often it is asked', async () => {
    const input = { text: 'Once.', idempotencyKey: 'once' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.as(bob).query(write, { input })))
    expect(new Set(answers.map(({ data }) => data.write${type}.id)).size).toBe(1)
    expect(answers[0]?.data.write${type}).toMatchObject({ text: 'Once.', owner: { id: bob.id } })
  })

  it('refuses a key that wrote something else', async () => {
    await world.as(bob).query(write, { input: { text: 'One.', idempotencyKey: 'other' } })
    const { codes } = await world.as(bob).query(write, { input: { text: 'Two.', idempotencyKey: 'other' } })
    expect(codes).toEqual(['CONFLICT'])
  })

  it('shows the notes of a person to that person only', async () => {
    const query = \`query ($list: [_Any!]!) { _entities(representations: $list) { ... on User { ${name}Notes { edges { node { text } } } } } }\`
    const list = [{ __typename: 'User', id: ada.id }]
    const own = await world.as(ada).query(query, { list })
    expect(own.data._entities[0].${name}Notes.edges.at(-1).node.text).toBe('The first note of ${title}.')
    const stranger = await world.as(bob).query(query, { list })
    expect(stranger.codes).toEqual(['FORBIDDEN'])
    expect(stranger.data._entities[0].${name}Notes).toBeNull()
  })
})
`,
  }
}

const rowsEnd = /^\} as const satisfies/m

/** Adds a service that nobody planned to the supporting ones; answers its port, the next one that is free. */
const addToCatalogue = async (name: string): Promise<number> => {
  const file = join(repositoryRoot, 'subgraphs/_kit/catalogue/supporting.ts')
  const port = Math.max(...catalogue.map((row) => row.port)) + 1
  const row = `  ${name}: {
    port: ${port},
    priority: 4,
    purpose: 'say in a few words what it is for',
    stores: ['relational'],
    dependencies: [],
  },
`
  const source = await readFile(file, 'utf8')
  await writeFile(
    file,
    source.replace(rowsEnd, (end) => `${row}${end}`),
  )
  return port
}

/** Makes the folder of a new service: small, whole, and passing the conformance suite. */
export const newService = async (name: string): Promise<void> => {
  if (!/^[a-z]{1,20}$/.test(name)) throw new Error('A service is named in lower-case letters: npm run new -- notai')
  if (registeredPorts[name] !== undefined) throw new Error(`subgraphs/${name} exists already.`)
  const folder = join(repositoryRoot, 'subgraphs', name)
  const port = catalogueRow(name)?.port ?? (await addToCatalogue(name))
  for (const [path, text] of Object.entries(templates(name))) {
    const file = join(folder, path)
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, text, { flag: 'wx' })
  }
  await step('Generating code', generateCode)
  say(`\n✔ subgraphs/${name} is a service on port ${port}. Next:`)
  say(`  npm run compose                                 it joins the graph`)
  say(`  npm test -- subgraphs/${name}                     it passes its tests`)
  say(`  then write what it is for: its row in subgraphs/_kit/catalogue/, and schema.graphql`)
}
