import type { DemoPerson } from '../_kit/index.ts'
import type { TestClient, TestWorld } from '../_kit/testing/index.ts'
import type { Service } from './context.ts'

type Page<Node> = { edges: readonly { node: Node }[] }

/** The nodes of a page. */
export const nodesOf = <Node>(page: Page<Node>): Node[] => page.edges.map(({ node }) => node)

/** The ids of the nodes of a page. */
export const idsOf = (page: Page<{ id: string }>): string[] => nodesOf(page).map(({ id }) => id)

/** The domain of the service that runs in a world, for what no caller can bring about. */
export const serviceOf = (world: TestWorld): Service => world.hosted('sociai').service as Service

/** What a person of a story does, in few words. Everything goes through the schema; a refusal fails the test. */
export const actor = (world: TestWorld, { id }: Pick<DemoPerson, 'id'>) => {
  const client: TestClient = world.as({ id })
  const run = async (document: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await client.query(document, variables)
    if (errors) throw new Error(errors.map(({ message }) => message).join('; '))
    return data
  }
  return {
    id,
    client,
    run,
    post: async (text: string): Promise<string> =>
      (await run('mutation ($text: String!) { post(input: { text: $text }) { id } }', { text })).post.id,
    comment: async (post: string, text: string): Promise<string> =>
      (
        await run('mutation ($post: ID!, $text: String!) { comment(input: { post: $post, text: $text }) { id } }', {
          post,
          text,
        })
      ).comment.id,
    like: (post: string) => run('mutation ($post: ID!) { like(post: $post) { id } }', { post }),
    unlike: (post: string) => run('mutation ($post: ID!) { unlike(post: $post) { id } }', { post }),
    deletePost: (post: string) => run('mutation ($post: ID!) { deletePost(post: $post) { id } }', { post }),
    deleteComment: (comment: string) =>
      run('mutation ($comment: ID!) { deleteComment(comment: $comment) { id } }', { comment }),
    follow: (user: string) => run('mutation ($user: ID!) { follow(user: $user) { id } }', { user }),
    unfollow: (user: string) => run('mutation ($user: ID!) { unfollow(user: $user) { id } }', { user }),
    block: (user: string) => run('mutation ($user: ID!) { block(user: $user) { id } }', { user }),
    unblock: (user: string) => run('mutation ($user: ID!) { unblock(user: $user) { id } }', { user }),
    /** The ids of the newest posts of the own feed. */
    feed: async (): Promise<string[]> => idsOf((await run('{ feed(first: 100) { edges { node { id } } } }')).feed),
    /** What the service adds to a person, by `selection`. */
    person: async (user: string, selection: string) => {
      const list = [{ __typename: 'User', id: user }]
      const document = `query ($list: [_Any!]!) { _entities(representations: $list) { ... on User { ${selection} } } }`
      return (await run(document, { list }))._entities[0]
    },
  }
}

/** A person of a story. */
export type Actor = ReturnType<typeof actor>
