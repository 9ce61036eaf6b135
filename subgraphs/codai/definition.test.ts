import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { inputsOf, readSteps } from './definition.ts'
import type { WorkflowStepInput } from './definition.ts'
import { demoSteps } from './seed-workflows.ts'
import { render } from './template.ts'

const schema = buildSchema(readFileSync(join(repositoryRoot, 'schema/api.graphql'), 'utf8'))

const money = { amount: '1', currency: 'EUR' }
const deposit: WorkflowStepInput = {
  name: 'deposit',
  operation: 'mutation ($input: DepositInput!) { deposit(input: $input) { id amount { amount } } }',
  variables: { input: { account: '{{ input.account }}', amount: money } },
}
const after = (change: Partial<WorkflowStepInput>): WorkflowStepInput[] => [
  deposit,
  { ...deposit, name: 'second', ...change },
]

describe('the steps of a workflow', () => {
  it('get an idempotency key of their own wherever one is taken and none is given', () => {
    const [step] = readSteps(schema, [deposit])
    expect(step?.variables).toMatchObject({ input: { idempotencyKey: '{{ step.key }}', amount: money } })
    expect(step).toMatchObject({ attempts: 5, timeoutSeconds: 15, compensation: null })
  })

  it('say what a run has to be given', () => {
    expect(inputsOf(readSteps(schema, demoSteps))).toEqual(['helper', 'from', 'amount', 'to'])
  })

  const wrong: [string, WorkflowStepInput[], RegExp][] = [
    [
      'a field that the graph does not have',
      after({ operation: '{ nothing }', variables: {} }),
      /"second" does not fit the graph/,
    ],
    ['a document that is no GraphQL', after({ operation: '{ me {', variables: {} }), /is not valid GraphQL/],
    [
      'two operations',
      after({ operation: 'query A { me { id } } query B { me { id } }', variables: {} }),
      /exactly one operation/,
    ],
    [
      'a subscription',
      after({ operation: 'subscription { orderUpdated { id } }', variables: {} }),
      /cannot be a subscription/,
    ],
    [
      'two changes at once',
      after({ operation: 'mutation { a: signOut { id } b: signOut { id } }', variables: {} }),
      /exactly one field/,
    ],
    [
      'a variable that is not there',
      after({ variables: { ...(deposit.variables as object), other: 1 } }),
      /has no variable "other"/,
    ],
    ['a variable that is missing', after({ variables: {} }), /wrong variable `input`/],
    [
      'a field of a wrong type',
      after({ variables: { input: { account: ['a'], amount: { amount: '1' } } } }),
      /wrong variable `input/,
    ],
    [
      'a key that is the same in every run',
      after({ variables: { input: { account: 'a', amount: money, idempotencyKey: 'k' } } }),
      /fixed idempotencyKey/,
    ],
    [
      'a key that is written into the document',
      after({
        operation:
          'mutation ($a: ID!) { deposit(input: { account: $a, amount: { amount: "1", currency: "EUR" }, idempotencyKey: "k" }) { id } }',
        variables: { a: 'a' },
      }),
      /fixed idempotencyKey/,
    ],
    [
      'an input in the document without a key',
      after({ operation: 'mutation { post(input: { text: "a" }) { id } }', variables: {} }),
      /leaves out idempotencyKey/,
    ],
    [
      'braces that are no reference',
      after({ variables: { input: { account: '{{ input. }}', amount: money } } }),
      /no reference/,
    ],
    [
      'a reference to nothing',
      after({ variables: { input: { account: '{{ steps.other.id }}', amount: money } } }),
      /`steps.other.id`, which nothing before it gives/,
    ],
    [
      'a reference to what is not asked for',
      after({ variables: { input: { account: '{{ steps.deposit.deposit.status }}', amount: money } } }),
      /nothing before it gives/,
    ],
    [
      'a reference to its own answer',
      after({ variables: { input: { account: '{{ steps.second.deposit.id }}', amount: money } } }),
      /nothing before it gives/,
    ],
    ['a query that undoes', after({ compensation: { operation: '{ me { id } }' } }), /no mutation/],
  ]

  it.each(wrong)('are refused with %s', (_what, steps, reason) => {
    expect(() => readSteps(schema, steps)).toThrow(reason)
  })

  it('may refer to what earlier steps answer, through aliases and fragments, and their undoing to their own', () => {
    const steps = readSteps(schema, [
      {
        name: 'look',
        operation: 'query { who: me { ...name } } fragment name on User { id ... on User { short: handle } }',
      },
      {
        ...deposit,
        variables: { input: { account: '{{ steps.look.who.short }}', amount: money } },
        compensation: {
          operation: 'mutation ($id: ID!) { deletePost(post: $id) { id } }',
          variables: { id: '{{ steps.deposit.deposit.id }}' },
        },
      },
    ])
    expect(steps).toHaveLength(2)
  })
})

describe('a template', () => {
  const scope = {
    input: { count: 3, list: ['a', { b: null }], text: 'so', people: [{ name: 'Ada' }, { name: 'Bob' }] },
    steps: {},
    owner: { id: 'ada' },
    run: { id: 'run' },
    step: { key: 'key' },
  }

  it('takes values as they are, and writes texts, numbers and booleans into texts', () => {
    const template = {
      n: '{{input.count}}',
      t: 'It is {{ input.text }}, {{ input.count }} times',
      l: ['{{ input.list }}'],
      c: 1,
      z: null,
    }
    expect(render(template, scope)).toEqual({
      n: 3,
      t: 'It is so, 3 times',
      l: [scope.input.list],
      c: 1,
      z: null,
    })
    expect(render('{{ input.list.1.b }}', scope)).toBeNull()
    expect(render('{{ input.people.*.name }}', scope)).toEqual(['Ada', 'Bob'])
  })

  it.each([
    '{{ input.missing }}',
    'x {{ input.list }}',
    '{{ input.constructor }}',
    '{{ input.people.*.age }}',
    '{{ input.text.*.a }}',
    '{{ steps.a.__proto__ }}',
  ])('refuses %s', (template) => {
    expect(() => render(template, scope)).toThrow(/has no value|cannot be written/)
  })
})
