import type { GraphQLFormattedError } from 'graphql'

/** A value as JSON has it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** An object of the response under construction: what subgraphs answered, merged, with what clients did not select. */
export type Data = Record<string, unknown>

export type Path = readonly (string | number)[]

export type Variables = Readonly<Record<string, unknown>>

/** What a subgraph answered to one request. */
export type Answer = {
  readonly data?: Data | null
  readonly errors?: readonly GraphQLFormattedError[]
}

/** One request to a subgraph. */
export type Fetch = {
  readonly service: string
  /** The GraphQL request as JSON text. Equal texts ask the same. */
  readonly body: string
  /** The document in it, which is the same for all requests of one step. */
  readonly query: string
  /** Whether it may be repeated. */
  readonly isRead: boolean
  /** Whether what was asked before it serves as well: not where something was just changed, or has just happened. */
  readonly mayShare: boolean
}

/** What a subgraph sent back. */
export type Reply = {
  /** As it came. Equal texts say the same. */
  readonly text: string
  /** Reads it. The answer belongs to the caller, who changes it. Throws as `Send` does where it is none. */
  readonly read: () => Answer
}

/**
 * Sends a request to a subgraph. A `GraphQLError` that it throws is told to the client with its message and extensions, at
 * every field that is lost.
 */
export type Send = (fetch: Fetch) => Promise<Reply>

export const isRecord = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
