import type { GraphQLFormattedError } from 'graphql'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { expect } from 'vitest'
import type { System } from './system.ts'

/** An answer of the gateway. */
export type Answer = {
  status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever it asked for
  data: any
  errors: readonly GraphQLFormattedError[]
  codes: readonly unknown[]
}

/** What arrived on a stream, and how to wait for more. */
export type Events = {
  /** All that arrived so far, oldest first. */
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever it asked for
  all: any[]
  /** Waits until an event fits, also among those that arrived already. */
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever it asked for
  until(fits: (event: any) => boolean): Promise<any>
  stop(): void
}

/** A person, or nobody, at the gateway. */
export type Caller = {
  token: string | undefined
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>
  /** Subscribes to a stream of a service, and resolves when the service has begun: what happens next will arrive. */
  listen(service: string, query: string, variables?: Record<string, unknown>): Promise<Events>
}

const patience = { timeout: 15_000, interval: 20 }

const subscriptionsStarted = async (serviceUrl: string): Promise<number> => {
  const text = await (await fetch(`${serviceUrl}/metrics`)).text()
  return Number(/^codai_subscriptions_started_total\S* (\d+)/m.exec(text)?.[1] ?? 0)
}

/** A caller of the system's gateway, through HTTP and WebSocket as front ends are. */
export const callerAt = (system: System, token?: string): Caller => {
  const { url } = system
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return {
    token,
    ask: async (query, variables) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          ...authorization,
        },
        body: JSON.stringify({ query, variables }),
      })
      const body = (await response.json()) as { data?: unknown; errors?: readonly GraphQLFormattedError[] }
      const errors = body.errors ?? []
      return {
        status: response.status,
        data: body.data,
        errors,
        codes: errors.map(({ extensions }) => extensions?.['code']),
      }
    },
    listen: async (service, query, variables) => {
      const before = await subscriptionsStarted(system.serviceUrl(service))
      const client = createClient({
        url: `${url.replace(/^http/, 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: authorization,
      })
      const all: unknown[] = []
      const unsubscribe = client.subscribe(
        { query, ...(variables && { variables }) },
        {
          next: (result) => all.push(result.errors ? { errors: result.errors } : result.data),
          error: (error) => all.push({ errors: error }),
          complete: () => all.push({ complete: true }),
        },
      )
      await expect.poll(() => subscriptionsStarted(system.serviceUrl(service)), patience).toBeGreaterThan(before)
      return {
        all,
        until: async (fits) => {
          let found: unknown
          await expect.poll(() => (found = all.find((event) => fits(event))) !== undefined, patience).toBe(true)
          return found
        },
        stop: () => {
          unsubscribe()
          void client.dispose()
        },
      }
    },
  }
}

const signInOperation = `mutation ($input: SignInInput!) {
  signIn(input: $input) { ... on SignInSuccess { accessToken } }
}`

/** Signs a demo person in through the gateway. */
export const signIn = async (system: System, handle: string): Promise<Caller> => {
  const { data, errors } = await callerAt(system).ask(signInOperation, {
    input: { handle, password: 'correct-horse-battery' },
  })
  const token: unknown = data?.signIn?.accessToken
  if (typeof token !== 'string') throw new Error(`${handle} could not sign in: ${JSON.stringify(errors)}`)
  return callerAt(system, token)
}

/** Waits until what a question answers is as expected. */
export const eventually = async (ask: () => Promise<unknown>, expected: unknown): Promise<void> => {
  await expect.poll(ask, patience).toEqual(expected)
}
