import type { DemoCourse } from './seed-courses.ts'

/** A course for beginners: four lessons, two quizzes. */
export const bookkeeping: DemoCourse = {
  name: 'B00KKEEP1NG',
  teacher: 'ada',
  title: 'Double-entry bookkeeping, gently',
  summary:
    'Why merchants have written every amount twice for five hundred years, and why computers still do. After four short lessons you read a ledger, and know what it can prove.',
  level: 'BEGINNER',
  tags: ['money', 'ledger', 'basics'],
  status: 'PUBLISHED',
  daysAgo: 75,
  lessons: [
    {
      title: 'Money does not appear',
      minutes: 6,
      content: `# Money does not appear

Suppose you write down what you own in one column:

| day | what | amount |
|---|---|---|
| Mon | salary | +2,000 |
| Tue | rent | −800 |

It works, until a number is wrong. A forgotten line, a digit too many: nothing in the list tells you.

The idea of double entry is that **money never appears and never vanishes: it moves**. Every movement has a place that it leaves
and a place that it reaches, so every movement is written twice: once as a minus where it came from, once as a plus where it went.

> Luca Pacioli described the method in Venice in 1494. He did not invent it; he wrote down what merchants did already.`,
    },
    {
      title: 'Accounts and entries',
      minutes: 8,
      content: `# Accounts and entries

An **account** is a place where money can be: your purse, the bank, but also "rent" or "the world outside". An **entry** is one line
of an account. A **transfer** is a set of entries that belong together.

Paying the rent of 800 is one transfer of two entries:

| account | amount |
|---|---|
| bank | −800 |
| rent | +800 |

The sum of the entries of a transfer is **zero**. That is the whole rule. If it is not zero, somebody made a mistake, and you know
it on the spot.

The **balance** of an account is the sum of its entries. Nothing else has to be kept: whoever has the entries has the balances.`,
      quiz: [
        {
          text: 'What do the entries of one transfer sum to?',
          options: ['The amount that was paid', 'Zero', 'Twice the amount that was paid'],
          correctOptions: [2],
          explanation: 'What leaves one account reaches another: the plus and the minus cancel out.',
        },
        {
          text: 'Which of these can be accounts?',
          options: ['A purse', 'Rent', 'The world outside', 'Tuesday'],
          correctOptions: [1, 2, 3],
          explanation: 'An account is anything between which money can move. A day is not a place.',
        },
        {
          text: 'How do you find the balance of an account?',
          options: ['Add up its entries', 'Ask the bank', 'Take the largest entry'],
          correctOptions: [1],
          explanation: 'The balance follows from the entries.',
        },
      ],
    },
    {
      title: 'Nothing is erased',
      minutes: 6,
      content: `# Nothing is erased

What do you do about a wrong entry? You do **not** correct it. You write the opposite of it, and then the right one:

| transfer | bank | rent |
|---|---|---|
| rent | −880 | +880 |
| undo: a digit too many | +880 | −880 |
| rent | −800 | +800 |

The balance is right, and everybody can see what happened. A ledger to which lines are only ever added is called **append-only**.
Whoever could erase a line could erase a payment.`,
    },
    {
      title: 'Money that is set aside',
      minutes: 7,
      content: `# Money that is set aside

A hotel wants to be sure that you can pay before it hands you the key. It asks your bank to **hold** 200. The money is still yours,
so the balance does not change, but you cannot spend it twice: what is **available** is the balance less what is held.

- When you leave, the hotel **captures** what you owe, say 180. Now money moves, by a transfer of two entries.
- The other 20 are **released**: they become available again.
- When the hotel forgets about you, the hold **expires**, and all of it is available again.

A hold is a promise with a date. It is how shops make sure that either both things happen, the goods and the money, or neither.`,
      quiz: [
        {
          text: 'You have 500, and 200 of it are held. What is your balance?',
          options: ['300', '500', '700'],
          correctOptions: [2],
          explanation: 'Held money is still yours. 300 is what is available.',
        },
        {
          text: 'What can become of a hold?',
          options: ['It is captured', 'It is released', 'It expires', 'It earns interest'],
          correctOptions: [1, 2, 3],
          explanation: 'A hold ends by being captured, released, or by running out.',
        },
      ],
    },
  ],
}
