import type { DemoCourse } from './seed-courses.ts'

/** A course for people who write programs: four lessons, two quizzes. */
export const graphs: DemoCourse = {
  name: 'GRAPHS',
  teacher: 'bob',
  title: 'GraphQL from the client’s side',
  summary:
    'Ask for what you need and get just that. Queries, pages, mutations that can be repeated, and streams, as whoever builds a page sees them.',
  level: 'INTERMEDIATE',
  tags: ['graphql', 'web', 'supergraph'],
  status: 'PUBLISHED',
  daysAgo: 40,
  lessons: [
    {
      title: 'One question, one answer',
      minutes: 7,
      content: `# One question, one answer

A page that shows a person, the person's posts and how many people like each of them needs three things. Asked one after
the other, each answer waits for the one before. In GraphQL the page asks once:

\`\`\`graphql
{
  user(handle: "ada") {
    handle
    posts(first: 3) { edges { node { text likeCount } } }
  }
}
\`\`\`

The answer has the **shape of the question**. Nothing comes that was not asked for, and nothing is missing that was.

It does not matter that handles, posts and likes live in different services. The gateway plans who is asked for what; you see
one graph.`,
    },
    {
      title: 'Pages that do not slip',
      minutes: 9,
      content: `# Pages that do not slip

"Give me items 20 to 40" goes wrong when somebody adds one meanwhile: you see an item twice. So lists are **connections**: each
item has a **cursor**, which says where it stands, and the next page is what comes *behind* a cursor.

\`\`\`graphql
query ($after: String) {
  products(first: 20, after: $after) {
    edges { cursor node { title } }
    pageInfo { hasNextPage endCursor }
  }
}
\`\`\`

Pass \`endCursor\` as \`after\`, as long as \`hasNextPage\` is true. Treat cursors as opaque: what is inside is not your business.`,
      quiz: [
        {
          text: 'What do you pass to get the next page?',
          options: ['The number of the page', 'The endCursor of this page, as after', 'The id of the last item'],
          correctOptions: [2],
          explanation: 'A cursor says where the page ended, whatever was added or removed since.',
        },
        {
          text: 'When is there nothing left to fetch?',
          options: [
            'When hasNextPage is false',
            'When a page has fewer items than asked for',
            'When endCursor is null',
          ],
          correctOptions: [1],
          explanation: 'Only hasNextPage promises it.',
        },
      ],
    },
    {
      title: 'Doing things once',
      minutes: 8,
      content: `# Doing things once

You press "Pay", and the train enters a tunnel. Did it work? You cannot know, so you press again, and you do not want to pay twice.

That is what an **idempotency key** is for. You make one up per intention, and send it with every try:

\`\`\`graphql
mutation ($input: PayInput!) { pay(input: $input) { id status } }
\`\`\`

The same key of the same person does the thing **once**, and gives the same answer every time. A key that comes with other
content is a mistake, and is refused with \`CONFLICT\`.

Errors have a \`code\`: branch on it, and show the message to people.`,
    },
    {
      title: 'Answers that keep coming',
      minutes: 6,
      content: `# Answers that keep coming

A **subscription** is a question whose answer keeps coming. A good stream begins with the state of now, so that there is no gap
between reading and listening:

\`\`\`graphql
subscription ($id: ID!) { purchaseUpdated(purchase: $id) { status } }
\`\`\`

When the connection breaks, subscribe again: the first event brings you up to date. Do not count events; look at the state that
they carry.`,
      quiz: [
        {
          text: 'Your connection broke for a minute. How do you catch up?',
          options: [
            'Ask for the missed events',
            'Subscribe again: the stream begins with the state of now',
            'Reload the page',
          ],
          correctOptions: [2],
          explanation: 'State first, then changes: that is what makes a stream easy to resume.',
        },
        {
          text: 'A payment’s answer was lost. What do you send?',
          options: ['The same call with a new key', 'The same call with the same key', 'Nothing'],
          correctOptions: [2],
          explanation: 'The same key pays once and tells you what became of it.',
        },
      ],
    },
  ],
}
