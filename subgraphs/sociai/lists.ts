import { connection, creationPage, position } from '../_kit/index.ts'
import type { Connection, ConnectionArguments, Part, Position } from '../_kit/index.ts'
import type { PostRecord } from './posts-store.ts'
import type { CommentRecord, Listed } from './reactions-store.ts'

type Fetch<Row> = (part: Part) => Promise<readonly Row[]>
type Person = { id: string }

/** A page of posts. */
export const postPage = (args: ConnectionArguments, fetch: Fetch<PostRecord>): Promise<Connection<PostRecord>> =>
  creationPage(args, fetch)

/** A page of comments. */
export const commentPage = (
  args: ConnectionArguments,
  fetch: Fetch<CommentRecord>,
): Promise<Connection<CommentRecord>> => creationPage(args, fetch)

/** A page of people; each edge says since when in what `extra` makes of it. */
export const peoplePage = <Extra>(
  args: ConnectionArguments,
  fetch: Fetch<Listed>,
  extra: (since: Date) => Extra,
): Promise<Connection<Person, Extra>> =>
  connection<Listed, Position, Person, Extra>(args, {
    position,
    positionOf: ({ since, id }) => [since.getTime(), id],
    fetch: (limit, after) => fetch({ limit, after }),
    node: ({ person }) => ({ id: person }),
    extra: ({ since }) => extra(since),
  })
