import { useState } from 'react'
import { useClient } from 'urql'
import { FindPersonDocument } from '../.generated/wallet.ts'
import { explain } from '../client/errors.ts'

/** Looks people up by handle, when a form is sent. */
export const useFindPerson = (): {
  /** Why the person was not found. */
  readonly problem: string | undefined
  find(handle: string): Promise<{ readonly id: string; readonly handle: string } | undefined>
  readonly clear: () => void
} => {
  const client = useClient()
  const [problem, setProblem] = useState<string>()
  return {
    problem,
    clear: () => setProblem(undefined),
    find: async (typed) => {
      const handle = typed.trim().replace(/^@/, '')
      const { data, error } = await client.query(FindPersonDocument, { handle }).toPromise()
      if (error !== undefined) setProblem(explain(error).message)
      else if (!data?.user) setProblem(`There is nobody called ${handle}.`)
      else setProblem(undefined)
      return data?.user ?? undefined
    },
  }
}
