import { forbidden, notFound } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { CommentDraft, PostDraft } from './drafts.ts'
import type { Live } from './live.ts'
import type { Mentions } from './mentions.ts'
import type { PostRecord } from './posts-store.ts'
import type { CommentRecord } from './reactions-store.ts'
import type { Store } from './store.ts'
import type { Trending } from './trending.ts'

type Parts = { store: Store; live: Live; mentions: Mentions; trending: Trending }

/** How long after a deletion what hangs on a post is removed once more: longer than any call in flight may take. */
export const graceMs = 60_000

/** Publishing, reacting and taking back. Whoever does not see a post is told that it is not there. */
export const createPosts = ({ store, live, mentions, trending }: Parts, { now, newId }: Platform) => {
  const requireVisible = async (viewer: string, id: string): Promise<PostRecord> => {
    const [post] = await store.posts.visible(viewer, [id])
    if (!post) throw notFound('Post', id)
    return post
  }

  return {
    /** Publishes a post; also when the people it mentions cannot be looked up now. The same key publishes once. */
    publish: async (author: string, draft: PostDraft, requestId: string): Promise<PostRecord> => {
      const { text, mediaUrls, topics, handles, repetition } = draft
      const written: PostRecord = { id: newId(), author, text, mediaUrls, topics, mentions: [], createdAt: now() }
      const { post, created } = await store.posts.insert(written, handles, repetition)
      if (!created) return post
      const mentioned =
        handles.length > 0 ? await mentions.resolveSoon({ id: post.id, author, handles }, requestId) : []
      await live.feedChanged({ kind: 'published', author, post: post.id })
      return { ...post, mentions: mentioned }
    },

    /** Removes an own post, with all that hangs on it. */
    remove: async (viewer: string, id: string): Promise<PostRecord> => {
      const { author } = await requireVisible(viewer, id)
      if (author !== viewer) throw forbidden('Only its author may delete a post.')
      const at = now()
      const removed = await store.posts.remove(id, at, new Date(at.getTime() + graceMs))
      if (!removed) throw notFound('Post', id)
      await Promise.all([store.comments.removeOfPost(id), store.likes.removeOfPost(id), trending.forget()])
      await live.feedChanged({ kind: 'deleted', author, post: id })
      await live.postChanged(id, { kind: 'DELETED', actor: viewer })
      return removed
    },

    like: async (viewer: string, id: string): Promise<PostRecord> => {
      const post = await requireVisible(viewer, id)
      const added = await store.likes.add(id, viewer, now())
      if (added) await live.postChanged(id, { kind: 'LIKED', actor: viewer })
      return post
    },

    unlike: async (viewer: string, id: string): Promise<PostRecord> => {
      const post = await requireVisible(viewer, id)
      const removed = await store.likes.remove(id, viewer)
      if (removed) await live.postChanged(id, { kind: 'UNLIKED', actor: viewer })
      return post
    },

    /** Comments on a post. The same key comments once. */
    comment: async (author: string, draft: CommentDraft): Promise<CommentRecord> => {
      const { id: post } = await requireVisible(author, draft.post)
      const written: CommentRecord = { id: newId(), post, author, text: draft.text, createdAt: now() }
      const { comment, created } = await store.comments.insert(written, draft.repetition)
      if (created) await live.postChanged(post, { kind: 'COMMENTED', actor: author, comment: comment.id })
      return comment
    },

    /** Removes an own comment, or any under an own post. */
    removeComment: async (viewer: string, id: string): Promise<CommentRecord> => {
      const [comment] = await store.comments.visible(viewer, [id])
      if (!comment) throw notFound('Comment', id)
      const post = await requireVisible(viewer, comment.post)
      if (comment.author !== viewer && post.author !== viewer) {
        throw forbidden('Only its author and the author of the post may delete a comment.')
      }
      if (!(await store.comments.remove(id, now()))) throw notFound('Comment', id)
      await live.postChanged(post.id, { kind: 'COMMENT_DELETED', actor: viewer })
      return comment
    },
  }
}
