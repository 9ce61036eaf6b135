import { print } from 'graphql'
import type { GraphQLFormattedError } from 'graphql'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { IDENTITY_HEADER, codedError, isErrorCode } from '@codai/runtime'
import type { IdentitySigner } from '@codai/runtime'

/** Calls to another service through its own schema. */
export type Peer = {
  /**
   * Runs an operation as this service, for a person when `onBehalfOf` is given. A coded error of the other service is
   * thrown as it is; a service that refuses three times within a second, or
   * does not answer for eight, gives UNAVAILABLE. Every
   * mutation that is sent through here is idempotent (by its key), so that trying again is safe.
   */
  call<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    options?: { onBehalfOf?: string; requestId?: string },
  ): Promise<Data>
}

type Answer<Data> = { data?: Data | null; errors?: GraphQLFormattedError[] }

const pausesMs = [100, 400]
// Below the gateway's own budget, so that whoever waits there reads who did not answer.
const timeoutMs = 8_000

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError'

/** A peer at a base address such as `http://127.0.0.1:3003`. */
export const createPeer = (options: { name: string; url: string; self: string; signer: IdentitySigner }): Peer => {
  const { name, url, self, signer } = options

  const send = async (
    body: string,
    onBehalfOf: string | undefined,
    requestId: string | undefined,
  ): Promise<Answer<unknown>> => {
    const identity = await signer.sign({
      kind: 'service',
      service: self,
      ...(onBehalfOf !== undefined && { onBehalfOf }),
    })
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [IDENTITY_HEADER]: identity,
        ...(requestId !== undefined && { 'x-request-id': requestId }),
      },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    })
    // An answer that is no GraphQL answer, as of a proxy, is a service that is not there.
    const answer = (await response.json()) as Answer<unknown>
    if (answer.data === undefined && answer.errors === undefined) throw new Error(`HTTP ${response.status}`)
    return answer
  }

  const unavailable = (cause: unknown): Error =>
    codedError('UNAVAILABLE', `${name} is not answering. Try again in a moment.`, { cause, service: name })

  const sendPersistently = async (...request: Parameters<typeof send>): Promise<Answer<unknown>> => {
    for (const milliseconds of pausesMs) {
      try {
        return await send(...request)
      } catch (cause) {
        // A service that is slow because it is busy gets slower by being asked again.
        if (isTimeout(cause)) throw unavailable(cause)
        await pause(milliseconds)
      }
    }
    try {
      return await send(...request)
    } catch (cause) {
      throw unavailable(cause)
    }
  }

  return {
    call: async <Data, Variables>(
      document: TypedDocumentNode<Data, Variables>,
      variables: Variables,
      { onBehalfOf, requestId }: { onBehalfOf?: string; requestId?: string } = {},
    ): Promise<Data> => {
      const { data, errors } = await sendPersistently(
        JSON.stringify({ query: print(document), variables }),
        onBehalfOf,
        requestId,
      )
      const error = errors?.[0]
      if (error) {
        const code = error.extensions?.['code']
        if (isErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR')
          throw codedError(code, error.message, { ...error.extensions })
        throw new Error(`${name} answered: ${error.message}`)
      }
      // Without errors, GraphQL promises data of the document's shape.
      return data as Data
    },
  }
}
