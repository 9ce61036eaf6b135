import type { Exchange } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import type {
  Cache,
  Data,
  KeyingConfig,
  OptimisticMutationConfig,
  UpdateResolver,
  UpdatesConfig,
} from '@urql/exchange-graphcache'
import { forget, linkNode, nodeIn, unlinkNode } from './lists.ts'
import type { Node } from './lists.ts'

// Parts of other things, which have no identity of their own.
const embedded =
  `AccountActivity AccountConnection Candle CommentConnection FeedEvent Holding InstrumentConnection InstrumentEdge Mfa
  MfaChallenge Money OrderBookUpdate OrderConnection PageInfo PaymentConnection PaymentRuleConnection Portfolio Position
  PostActivity PostConnection PriceLevel RecoveryCodes RuleShare SessionConnection SessionEdge SignInSuccess Ticker
  TotpEnrollment TradeConnection TradeEdge WalletConnection`.split(/\s+/)

// Our documents read nothing of these edges but the node, so the node tells them apart.
const nodeEdges = [
  'AccountEdge',
  'CommentEdge',
  'OrderEdge',
  'PaymentEdge',
  'PaymentRuleEdge',
  'PostEdge',
  'WalletEdge',
]

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const keys: KeyingConfig = {
  ...Object.fromEntries(embedded.map((type) => [type, () => null])),
  ...Object.fromEntries(nodeEdges.map((type) => [type, (edge: Data) => nodeIn(edge['node'])?.id ?? null])),
  Instrument: (instrument) => text(instrument['symbol']),
  Topic: (topic) => text(topic['name']),
}

/** An update that looks at the one field of its mutation or subscription. */
const onField =
  (
    field: string,
    act: (value: Record<string, unknown>, cache: Cache, args: Record<string, unknown>) => void,
  ): UpdateResolver =>
  (result, args, cache) => {
    const value = result[field]
    if (typeof value === 'object' && value !== null) act(value as Record<string, unknown>, cache, args)
  }

const me = (cache: Cache): string | null => text(cache.resolve('Query', 'me'))

const linkOrder = (order: unknown, cache: Cache): void => {
  const status = (order as { status?: unknown } | null)?.status
  const fits = (args: Readonly<Record<string, unknown>>): boolean => !args['status'] || args['status'] === status
  linkNode(cache, me(cache), 'orders', nodeIn(order), 'start', fits)
}

const removePost = (cache: Cache, post: Node): void => {
  const owners = [
    ['Query', 'feed'],
    ['Query', 'discover'],
    [text(cache.resolve({ __typename: 'Post', id: post.id }, 'author')), 'posts'],
  ] as const
  for (const [owner, field] of owners) unlinkNode(cache, owner, field, post)
  forget(cache, 'Query', 'topic', 'postById')
}

const changeCircle: UpdateResolver = (_result, _args, cache) => forget(cache, 'Query', 'feed')

const changeReach: UpdateResolver = (_result, _args, cache) =>
  forget(cache, 'Query', 'feed', 'discover', 'topic', 'user', 'postById')

const postIn = (value: unknown): Node | undefined => nodeIn((value as { post?: unknown }).post)

const Mutation: NonNullable<UpdatesConfig['Mutation']> = {
  placeOrder: onField('placeOrder', linkOrder),
  openAccount: onField('openAccount', (account, cache) => {
    linkNode(cache, me(cache), 'accounts', nodeIn(account), 'end')
    forget(cache, 'Query', 'portfolio')
  }),
  deposit: (_result, _args, cache) => forget(cache, 'Query', 'portfolio'),
  post: onField('post', (post, cache) => {
    linkNode(cache, 'Query', 'feed', nodeIn(post))
    linkNode(cache, 'Query', 'discover', nodeIn(post))
    linkNode(cache, me(cache), 'posts', nodeIn(post))
    forget(cache, 'Query', 'topic', 'trending')
  }),
  deletePost: onField('deletePost', (post, cache) => {
    const node = nodeIn(post)
    if (node !== undefined) removePost(cache, node)
  }),
  comment: onField('comment', (comment, cache) => {
    linkNode(cache, postIn(comment) ?? null, 'comments', nodeIn(comment), 'end')
  }),
  deleteComment: onField('deleteComment', (comment, cache) => {
    unlinkNode(cache, postIn(comment) ?? null, 'comments', nodeIn(comment))
  }),
  follow: changeCircle,
  unfollow: changeCircle,
  block: changeReach,
  unblock: changeReach,
  createWallet: onField('createWallet', (wallet, cache) => {
    linkNode(cache, me(cache), 'wallets', nodeIn(wallet), 'end')
  }),
  pay: onField('pay', (payment, cache, args) => {
    const wallet = (args['input'] as { wallet?: string }).wallet
    if (wallet === undefined) return
    linkNode(cache, { __typename: 'Wallet', id: wallet }, 'payments', nodeIn(payment))
    forget(cache, { __typename: 'Wallet', id: wallet }, 'assets')
  }),
  requestPayment: onField('requestPayment', (payment, cache, args) => {
    const wallet = (args['input'] as { wallet?: string }).wallet
    if (wallet !== undefined) linkNode(cache, { __typename: 'Wallet', id: wallet }, 'payments', nodeIn(payment))
  }),
  answerPaymentRequest: (_result, args, cache) => {
    const wallet = (args['input'] as { wallet?: string | null }).wallet
    if (wallet) forget(cache, { __typename: 'Wallet', id: wallet }, 'assets', 'payments')
  },
  addRule: onField('addRule', (rule, cache, args) => {
    const wallet = (args['input'] as { wallet?: string }).wallet
    if (wallet !== undefined) linkNode(cache, { __typename: 'Wallet', id: wallet }, 'rules', nodeIn(rule), 'end')
  }),
  removeRule: (_result, args, cache) => cache.invalidate({ __typename: 'PaymentRule', id: text(args['rule']) }),
}

const Subscription: NonNullable<UpdatesConfig['Subscription']> = {
  orderUpdated: onField('orderUpdated', linkOrder),
  accountActivity: (_result, _args, cache) => forget(cache, 'Query', 'portfolio'),
  feedUpdated: onField('feedUpdated', (event, cache) => {
    const id = text(event['postId'])
    if (event['kind'] === 'REMOVED' && id !== null) removePost(cache, { __typename: 'Post', id })
  }),
  postActivity: onField('postActivity', (activity, cache, args) => {
    const post: Node = { __typename: 'Post', id: text(args['post']) ?? '' }
    if (activity['kind'] === 'COMMENTED') linkNode(cache, post, 'comments', nodeIn(activity['comment']), 'end')
    // The event does not name the comment that went.
    if (activity['kind'] === 'COMMENT_DELETED') forget(cache, post, 'comments')
    if (activity['kind'] === 'DELETED') removePost(cache, post)
  }),
  paymentReceived: onField('paymentReceived', (payment, cache, args) => {
    const wallet = { __typename: 'Wallet', id: text(args['wallet']) }
    linkNode(cache, wallet, 'payments', nodeIn(payment))
    forget(cache, wallet, 'assets')
  }),
}

const count = (cache: Cache, entity: Data, field: string): number => {
  const value = cache.resolve(entity, field)
  return typeof value === 'number' ? value : 0
}

const liked =
  (likes: boolean) =>
  (args: Record<string, unknown>, cache: Cache): Data => {
    const post = { __typename: 'Post', id: text(args['post']) }
    const before = cache.resolve(post, 'viewerLikes') === true
    const likeCount = count(cache, post, 'likeCount') + (likes === before ? 0 : likes ? 1 : -1)
    return { ...post, viewerLikes: likes, likeCount }
  }

const followed =
  (follows: boolean) =>
  (args: Record<string, unknown>, cache: Cache): Data => {
    const user = { __typename: 'User', id: text(args['user']) }
    const before = cache.resolve(user, 'viewerFollows') === true
    const followerCount = count(cache, user, 'followerCount') + (follows === before ? 0 : follows ? 1 : -1)
    return { ...user, viewerFollows: follows, followerCount }
  }

// Money is never shown as moved before it has moved: only these wait for no answer.
const optimistic: OptimisticMutationConfig = {
  like: liked(true),
  unlike: liked(false),
  follow: followed(true),
  unfollow: followed(false),
}

/** The normalised cache: one copy of each thing, whichever operation brought it, and lists that follow what happens. */
export const graphCache = (): Exchange => cacheExchange({ keys, updates: { Mutation, Subscription }, optimistic })
