import type { WorkflowStepInput } from './definition.ts'

const deposit = `mutation TopUp($input: DepositInput!) {
  deposit(input: $input) { id status }
}`

const transfer = `mutation Pay($input: TransferInput!) {
  transfer(input: $input) { id status amount { amount currency } }
}`

const post = `mutation Thank($input: PostInput!) {
  post(input: $input) { id text }
}`

const unpost = `mutation Unthank($post: ID!) {
  deletePost(post: $post) { id }
}`

/** What Ada's demo workflow does, as its owner would define it. */
export const demoSteps: readonly WorkflowStepInput[] = [
  {
    name: 'thank',
    operation: post,
    variables: { input: { text: 'Thank you, {{ input.helper }}! #fieldnotes' } },
    attempts: 5,
    timeoutSeconds: 15,
    compensation: { operation: unpost, variables: { post: '{{ steps.thank.post.id }}' } },
  },
  {
    name: 'topUp',
    operation: deposit,
    variables: { input: { account: '{{ input.from }}', amount: { amount: '{{ input.amount }}', currency: 'EUR' } } },
    attempts: 5,
    timeoutSeconds: 15,
  },
  {
    name: 'pay',
    operation: transfer,
    variables: {
      input: {
        from: '{{ input.from }}',
        to: '{{ input.to }}',
        amount: { amount: '{{ input.amount }}', currency: 'EUR' },
        memo: 'For {{ input.helper }}, run {{ run.id }}',
      },
    },
    attempts: 5,
    timeoutSeconds: 15,
  },
]
