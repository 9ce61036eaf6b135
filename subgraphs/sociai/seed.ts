import { demoPeople } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { demoPosts } from './seed-posts.ts'
import type { DemoAuthor, DemoPost } from './seed-posts.ts'
import { handlesIn, topicsIn } from './text.ts'

const hourMs = 60 * 60 * 1_000
const minuteMs = 60 * 1_000

const demoFollows: readonly (readonly [follower: DemoAuthor, followed: DemoAuthor])[] = [
  ['ada', 'bob'],
  ['ada', 'carol'],
  ['bob', 'ada'],
  ['carol', 'ada'],
  ['carol', 'bob'],
]

const numbered = (prefix: string, number: number): string =>
  `${prefix}${String(number).padStart(26 - prefix.length, '0')}`

/** The id of the demo post at a place of `demoPosts`, counted from 0. */
export const demoPostId = (place: number): string => numbered('01JP0ST', place + 1)

/** The id of a comment under the demo post at a place, both counted from 0. */
export const demoCommentId = (place: number, comment: number): string =>
  numbered('01JC0MMENT', (place + 1) * 100 + comment + 1)

const idOf = (handle: string): string[] =>
  Object.values(demoPeople)
    .filter((person) => person.handle === handle)
    .map(({ id }) => id)

const seedPost = async ({ store }: Service, demo: DemoPost, place: number, now: Date): Promise<void> => {
  const { author, hoursAgo, text, likedBy = [], comments = [] } = demo
  const post = demoPostId(place)
  const publishedAt = now.getTime() - hoursAgo * hourMs
  const minutesLater = (minutes: number): Date => new Date(publishedAt + minutes * minuteMs)
  await store.posts.insertIfNew({
    id: post,
    author: demoPeople[author].id,
    text,
    mediaUrls: [],
    topics: topicsIn(text),
    mentions: handlesIn(text).flatMap(idOf),
    createdAt: new Date(publishedAt),
  })
  await Promise.all([
    ...likedBy.map((person, index) => store.likes.add(post, demoPeople[person].id, minutesLater(7 + index * 12))),
    ...comments.map(([person, words], index) =>
      store.comments.insertIfNew({
        id: demoCommentId(place, index),
        post,
        author: demoPeople[person].id,
        text: words,
        createdAt: minutesLater(15 + index * 9),
      }),
    ),
  ])
}

/** Writes the demo data once: what people delete or take back of it stays so. */
export const seed = async (service: Service, platform: Platform): Promise<void> => {
  const { store } = service
  if (await store.isSeeded()) return
  const now = platform.now()
  await Promise.all([
    ...demoPosts.map((post, place) => seedPost(service, post, place, now)),
    ...demoFollows.map(([follower, followed], index) =>
      store.follows.add(
        demoPeople[follower].id,
        demoPeople[followed].id,
        new Date(now.getTime() - (320 - index * 20) * hourMs),
      ),
    ),
  ])
  await store.markSeeded(now)
}
