import type { GivenStep } from './people.fixture.ts'

const money = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'EUR' })

const transferDocument = 'mutation ($input: TransferInput!) { transfer(input: $input) { id } }'

/** Money comes into an account of whoever starts the run. */
export const depositStep = (amount: string): GivenStep => ({
  name: 'deposit',
  operation: 'mutation ($input: DepositInput!) { deposit(input: $input) { id amount { amount } } }',
  variables: { input: { account: '{{ input.from }}', amount: money(amount) } },
})

/** Money goes to another account, and comes back when it is undone. */
export const transferStep = (amount: string, memo = 'For {{ owner.id }}'): GivenStep => ({
  name: 'pay',
  operation: transferDocument,
  variables: { input: { from: '{{ input.from }}', to: '{{ input.to }}', amount: money(amount), memo } },
  compensation: {
    operation: transferDocument,
    variables: {
      input: {
        from: '{{ input.to }}',
        to: '{{ input.from }}',
        amount: money(amount),
        memo: 'Back: {{ steps.pay.transfer.id }}',
      },
    },
  },
})

/** Something is said in public, and taken back when it is undone. */
export const postStep = (text: string): GivenStep => ({
  name: 'tell',
  operation: 'mutation ($input: PostInput!) { post(input: $input) { id text } }',
  variables: { input: { text } },
  compensation: {
    operation: 'mutation ($post: ID!) { deletePost(post: $post) { id } }',
    variables: { post: '{{ steps.tell.post.id }}' },
  },
})

/** Something that cannot succeed: nobody has so much money. */
export const impossibleStep: GivenStep = {
  name: 'overspend',
  operation: transferDocument,
  variables: { input: { from: '{{ input.from }}', to: '{{ input.to }}', amount: money('99999999') } },
}

/** A step that only asks. */
export const askStep: GivenStep = { name: 'ask', operation: '{ me { id handle } }' }
