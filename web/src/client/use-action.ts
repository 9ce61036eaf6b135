import { useState } from 'react'
import { useMutation } from 'urql'
import type { AnyVariables, CombinedError, TypedDocumentNode } from '@urql/core'

/** A mutation with its state: what a button or a form needs. */
export type Action<Data, Variables> = {
  readonly busy: boolean
  readonly error: CombinedError | undefined
  /** Sends it; gives what came back, or undefined when it failed, with the reason in `error`. */
  readonly run: (variables: Variables) => Promise<Data | undefined>
  /** Sends it; gives what came back or throws the CombinedError. */
  readonly attempt: (variables: Variables) => Promise<Data>
  /** Forgets the error. */
  readonly clear: () => void
}

/** As urql's `useMutation`, with the error kept until the next try or until it is cleared. */
export const useAction = <Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
): Action<Data, Variables> => {
  const [{ fetching }, mutate] = useMutation(document)
  const [error, setError] = useState<CombinedError>()
  const attempt = async (variables: Variables): Promise<Data> => {
    setError(undefined)
    const result = await mutate(variables)
    if (result.error !== undefined) throw result.error
    if (result.data === undefined) throw new Error('The answer had neither data nor an error')
    return result.data
  }
  return {
    busy: fetching,
    error,
    attempt,
    clear: () => setError(undefined),
    run: async (variables) => {
      try {
        return await attempt(variables)
      } catch (cause) {
        setError(cause as CombinedError)
        return undefined
      }
    },
  }
}
