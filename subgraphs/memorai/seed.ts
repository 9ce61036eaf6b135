import { demoPeople } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import type { MemoryKind, MemoryRecord } from './records.ts'

const dayMs = 86_400_000

type Owner = 'ada' | 'bob' | 'carol'
type Demo = { owner: Owner; daysAgo: number; kind: MemoryKind; content: string; tags: string[]; importance: number }

const demo: readonly Demo[] = [
  {
    owner: 'ada',
    daysAgo: 88,
    kind: 'EVENT',
    content: 'Gave the GraphQL workshop in Cluj; Carol took the photos and everybody asked for the slides.',
    tags: ['work', 'workshop'],
    importance: 0.6,
  },
  {
    owner: 'ada',
    daysAgo: 61,
    kind: 'FACT',
    content: 'The desk by the window is paid on the first of each month; Carol collects the rent.',
    tags: ['office', 'money'],
    importance: 0.8,
  },
  {
    owner: 'ada',
    daysAgo: 40,
    kind: 'PREFERENCE',
    content: 'I like my coffee black, and no meetings before ten.',
    tags: ['habits'],
    importance: 0.5,
  },
  {
    owner: 'ada',
    daysAgo: 12,
    kind: 'TASK',
    content: 'Renew the passport before the trip to Lisbon in spring.',
    tags: ['travel'],
    importance: 0.9,
  },
  {
    owner: 'ada',
    daysAgo: 5,
    kind: 'FACT',
    content: 'Bob is allergic to peanuts.',
    tags: ['friends', 'health'],
    importance: 1,
  },
  {
    owner: 'bob',
    daysAgo: 70,
    kind: 'FACT',
    content: 'The invoice number series of this year begins with 2041.',
    tags: ['money'],
    importance: 0.7,
  },
  {
    owner: 'bob',
    daysAgo: 9,
    kind: 'PREFERENCE',
    content: 'Type designs are reviewed on paper, never on the screen.',
    tags: ['work'],
    importance: 0.4,
  },
  {
    owner: 'carol',
    daysAgo: 33,
    kind: 'TASK',
    content: 'Send the contact sheets of the catalogue to the printer.',
    tags: ['work', 'photos'],
    importance: 0.7,
  },
]

/** The id of a demo memory by its place, counted from 0. */
export const demoMemoryId = (place: number): string => `01JMEM0RY${String(place + 1).padStart(17, '0')}`

/** What the demo people remember, and one memory that was merged from two. Vectors follow by themselves. */
export const seed = async ({ store }: Service, { now }: Platform): Promise<void> => {
  if (await store.isSeeded()) return
  const daysAgo = (days: number): Date => new Date(now().getTime() - days * dayMs)
  const memories = demo.map(({ owner, daysAgo: days, ...rest }, place): MemoryRecord => ({
    id: demoMemoryId(place),
    ownerId: demoPeople[owner].id,
    ...rest,
    createdAt: daysAgo(days),
    projectId: null,
    lastRecalledAt: null,
    indexedAt: null,
    leaseUntil: null,
  }))
  const source = {
    id: '01JMEMS0VRCE00000000000001',
    memoryId: demoMemoryId(1),
    content: 'Desk rent goes to Carol at the beginning of the month.',
    createdAt: daysAgo(105),
  }
  await store.addDemoData(memories, [source])
  await store.markSeeded(now())
}
