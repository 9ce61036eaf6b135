import { describe, expect, it } from 'vitest'
import { explain } from './errors.ts'

const coded = (code: string, message = '', extensions: Record<string, unknown> = {}) => ({
  graphQLErrors: [{ message, extensions: { code, ...extensions } }],
})

describe('the words of an error', () => {
  it('say what a person can do, not what a machine said', () => {
    expect(explain({ networkError: new TypeError('Failed to fetch') }).message).toMatch(/cannot be reached/)
    expect(explain(coded('SUBGRAPH_UNAVAILABLE', 'bancai is not answering')).message).toMatch(/The rest works/)
    expect(explain(coded('INVALID_CREDENTIALS')).message).toBe('That handle and password do not belong together.')
  })

  it('pass on the sentence of the service where it knows more', () => {
    expect(explain(coded('PAYMENT_RULE_REFUSED', 'The rule "Groceries" refuses this payment.')).message).toBe(
      'The rule "Groceries" refuses this payment.',
    )
    expect(explain(coded('BAD_USER_INPUT', 'The handle is too short.', { field: 'handle' }))).toMatchObject({
      message: 'The handle is too short.',
      field: 'handle',
    })
  })

  it('say how long to wait', () => {
    expect(explain(coded('RATE_LIMITED', '', { retryAfterSeconds: 12.4 })).message).toMatch(/in 13 s\./)
    expect(explain(coded('RATE_LIMITED', '', { retryAfterSeconds: 600 })).message).toMatch(/in 10 min\./)
    expect(explain(coded('RATE_LIMITED')).message).toMatch(/wait a moment/)
  })

  it('hide what is unknown, but keep the id to ask for help with', () => {
    expect(explain(coded('INTERNAL_SERVER_ERROR', 'select * from x', { requestId: 'abc-123' }))).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'Something went wrong on our side. Please try again.',
      requestId: 'abc-123',
    })
    expect(explain({ graphQLErrors: [{ message: 'boom' }] }).message).not.toContain('boom')
  })
})
