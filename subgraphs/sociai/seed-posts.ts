/** A person who posts in the demo data. */
export type DemoAuthor = 'ada' | 'bob' | 'carol'

/** A post of the demo data, with the likes and comments under it. */
export type DemoPost = {
  author: DemoAuthor
  /** How long before the seeding it was published. */
  hoursAgo: number
  text: string
  likedBy?: readonly DemoAuthor[]
  comments?: readonly (readonly [author: DemoAuthor, text: string])[]
}

/** What people posted in the last two weeks, newest first. */
export const demoPosts: readonly DemoPost[] = [
  {
    author: 'bob',
    hoursAgo: 1,
    text: 'Order book replay from the event log: 1.2 million events, same book to the last lot. #trading #eventsourcing',
    likedBy: ['ada', 'carol'],
    comments: [
      ['ada', 'Also after kill -9 in the middle of a batch?'],
      ['bob', 'Especially then. That test found two bugs.'],
    ],
  },
  {
    author: 'ada',
    hoursAgo: 3,
    text: 'One query, eleven services, 38 milliseconds. I like what entity sharing does to a plan. #supergraph #graphql',
    likedBy: ['bob', 'carol'],
    comments: [['carol', 'Post the plan! I want to see where the fetches join.']],
  },
  {
    author: 'carol',
    hoursAgo: 5,
    text: 'Sketches for the empty states are done. A blank page should say what to do next, not "no data". #design',
    likedBy: ['ada'],
  },
  {
    author: 'bob',
    hoursAgo: 8,
    text: '@ada the spread on CDX is finally tighter than my patience. #trading',
    likedBy: ['ada'],
    comments: [['ada', 'Low bar, but congratulations.']],
  },
  { author: 'carol', hoursAgo: 12, text: 'Morning light on the Bega. #timișoara', likedBy: ['ada', 'bob'] },
  {
    author: 'ada',
    hoursAgo: 16,
    text: 'Rule of the day: if a list can grow, it is a connection. Future you will ask for page two. #graphql',
    likedBy: ['bob', 'carol'],
  },
  {
    author: 'bob',
    hoursAgo: 21,
    text: 'Stop orders fire in the order of their arrival, not of their luck. Wrote it down so nobody has to ask. #trading',
    comments: [['carol', 'I was about to ask.']],
  },
  {
    author: 'carol',
    hoursAgo: 26,
    text: 'Contrast checked on every chart colour. Two of nine failed; both were my favourites. #design #accessibility',
    likedBy: ['ada', 'bob'],
    comments: [
      ['ada', 'Which ones?'],
      ['carol', 'The teal and the other teal.'],
    ],
  },
  {
    author: 'ada',
    hoursAgo: 30,
    text: 'Reading the subscription protocol again. Worth it. #graphql',
    likedBy: ['bob'],
  },
  {
    author: 'bob',
    hoursAgo: 36,
    text: 'Backtests that peek at the next candle always win. Check yours. #trading #backtesting',
    likedBy: ['ada', 'carol'],
  },
  {
    author: 'carol',
    hoursAgo: 44,
    text: 'Talked @bob into keyboard shortcuts for the order ticket. B for buy, S for sell, Escape for regret. #design',
    likedBy: ['ada', 'bob'],
    comments: [['bob', 'Escape is the most used one.']],
  },
  {
    author: 'ada',
    hoursAgo: 50,
    text: 'A subgraph is a value: a name, a schema, resolvers. Everything else is plumbing. #supergraph',
    likedBy: ['bob'],
  },
  {
    author: 'bob',
    hoursAgo: 56,
    text: 'Limit orders are a form of hope with a price on it. #trading',
    likedBy: ['carol'],
  },
  {
    author: 'carol',
    hoursAgo: 62,
    text: 'Icons at 16 pixels are haiku. #design',
    likedBy: ['ada'],
  },
  {
    author: 'ada',
    hoursAgo: 70,
    text: 'Batch every reference, then write the test that counts the calls. Ours says one. #supergraph #performance',
    likedBy: ['bob', 'carol'],
    comments: [
      ['bob', 'What did it say before?'],
      ['ada', 'Forty thousand. We do not talk about before.'],
    ],
  },
  { author: 'bob', hoursAgo: 78, text: 'Weekend plan: rain, coffee, reconciliation. #ledger', likedBy: ['ada'] },
  {
    author: 'ada',
    hoursAgo: 86,
    text: 'Money is not a float. Not in the browser either. #ledger',
    likedBy: ['bob', 'carol'],
  },
  {
    author: 'carol',
    hoursAgo: 92,
    text: 'Dark mode is not "invert and hope". New palette is in review. #design #accessibility',
    likedBy: ['bob'],
  },
  { author: 'bob', hoursAgo: 100, text: 'Who else logs in at 3 a.m. to look at ETH? #trading #ethereum' },
  {
    author: 'ada',
    hoursAgo: 110,
    text: 'Wrote the decision record first and the code second. The code got shorter. #engineering',
    likedBy: ['carol'],
  },
  {
    author: 'carol',
    hoursAgo: 118,
    text: 'Usability session with five people: all five looked for "undo". We have no undo. We will have undo. #design',
    likedBy: ['ada', 'bob'],
    comments: [
      ['bob', 'For orders too?'],
      ['carol', 'Nice try.'],
    ],
  },
  {
    author: 'bob',
    hoursAgo: 128,
    text: 'Double entry since 1494 and it still catches my mistakes every morning. #ledger',
    likedBy: ['ada', 'carol'],
  },
  {
    author: 'ada',
    hoursAgo: 136,
    text: 'Live updates arrive before I let go of the button. #graphql',
    likedBy: ['bob'],
  },
  {
    author: 'carol',
    hoursAgo: 146,
    text: 'Learning Solidity evenings, with @ada as a patient teacher. First contract: a piggy bank. #ethereum',
    likedBy: ['ada'],
    comments: [['ada', 'It even gives the money back.']],
  },
  { author: 'bob', hoursAgo: 154, text: 'Candles at five minutes, coffee at four. #trading', likedBy: ['carol'] },
  {
    author: 'ada',
    hoursAgo: 164,
    text: 'Errors are a table: code, meaning, what to do. If it is not in the table, it is a bug. #engineering #graphql',
    likedBy: ['bob', 'carol'],
  },
  { author: 'carol', hoursAgo: 172, text: 'Someone used the word "delight" in a ticket. I framed it. #design' },
  {
    author: 'bob',
    hoursAgo: 182,
    text: 'Price, then time. Everything else about matching engines is bookkeeping. #trading #eventsourcing',
    likedBy: ['ada'],
  },
  {
    author: 'ada',
    hoursAgo: 192,
    text: 'Composition passes for the whole graph. Small dance, then back to work. #supergraph',
    likedBy: ['bob', 'carol'],
    comments: [['carol', 'Pictures of the dance, please.']],
  },
  { author: 'carol', hoursAgo: 200, text: 'Tram number 4 and a good book. #timișoara', likedBy: ['bob'] },
  {
    author: 'bob',
    hoursAgo: 212,
    text: 'Never tune a strategy on the data you judge it by. Learned it the expensive way. #backtesting',
    likedBy: ['ada', 'carol'],
  },
  {
    author: 'ada',
    hoursAgo: 224,
    text: 'Deleted 400 lines today. Best commit of the week. #engineering',
    likedBy: ['bob', 'carol'],
    comments: [
      ['bob', 'Which 400?'],
      ['ada', 'The ones that explained the other 400.'],
    ],
  },
  { author: 'carol', hoursAgo: 236, text: 'Forms: one column, labels on top, no surprises. #design', likedBy: ['ada'] },
  {
    author: 'bob',
    hoursAgo: 248,
    text: 'Moved my savings rule to "every Friday". It pays me before I can spend it. #wallet',
    likedBy: ['carol'],
  },
  {
    author: 'ada',
    hoursAgo: 262,
    text: 'The planner reads the whole schema so that a client never has to. #supergraph #graphql',
    likedBy: ['bob'],
  },
  {
    author: 'carol',
    hoursAgo: 274,
    text: 'If a screen needs a tour, it needs a redesign. #design',
    likedBy: ['ada', 'bob'],
  },
  {
    author: 'bob',
    hoursAgo: 288,
    text: 'First fill on the new exchange. 0.01 BTC and very proud. #trading',
    likedBy: ['ada'],
  },
  {
    author: 'ada',
    hoursAgo: 302,
    text: 'Welcome @bob and @carol! This is where we say what we are building. #supergraph',
    likedBy: ['bob', 'carol'],
    comments: [
      ['bob', 'Good to be here.'],
      ['carol', 'Hello! Already moving the buttons around.'],
    ],
  },
  { author: 'carol', hoursAgo: 318, text: 'New sketchbook, new project. #design', likedBy: ['ada'] },
  {
    author: 'ada',
    hoursAgo: 330,
    text: 'Hello, world. One graph to find it all. #supergraph',
    likedBy: ['bob', 'carol'],
  },
]
