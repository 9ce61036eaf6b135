import { badInput, codedError } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Limits } from './limits.ts'
import { checkNewPassword, hashPassword } from './passwords.ts'
import type { PasswordVerifier } from './passwords.ts'
import type { Caller, Sessions, SignIn } from './sessions.ts'
import { handleKeyOf } from './store.ts'
import type { Store, UserRecord } from './store.ts'

const longestEmail = 254

const checkHandle = (handle: string): void => {
  if (/^[A-Za-z0-9_]{3,30}$/.test(handle)) return
  throw badInput('A handle has 3 to 30 letters (A to Z), digits and underscores.', { field: 'handle' })
}

const checkEmail = (email: string): void => {
  // Only sending a message proves an address; this catches slips.
  if (email.length <= longestEmail && /^[^\s@,;<>"]+@[^\s@,;<>".]+(\.[^\s@,;<>".]+)+$/.test(email)) return
  throw badInput(`This is not an e-mail address of at most ${longestEmail} characters.`, { field: 'email' })
}

/** The same words for whatever was wrong, so that they do not tell whether an account exists. */
export const wrongCredentials = (): Error => codedError('INVALID_CREDENTIALS', 'The handle or the password is wrong.')

/** Signing up and in. */
export type Accounts = ReturnType<typeof createAccounts>

/** The rules of accounts. */
export const createAccounts = (
  parts: { store: Store; sessions: Sessions; limits: Limits; verifier: PasswordVerifier },
  { now, newId }: Platform,
) => {
  const { store, sessions, limits, verifier } = parts

  return {
    /** Creates an account and signs it in. BAD_USER_INPUT, ALREADY_EXISTS or RATE_LIMITED. */
    signUp: async (input: { handle: string; email: string; password: string }, caller: Caller): Promise<SignIn> => {
      const { handle, email, password } = input
      checkHandle(handle)
      checkEmail(email)
      checkNewPassword(password, handle, 'password')
      await limits.countSignUp(caller)
      const user: UserRecord = { id: newId(), handle, email, roles: ['MEMBER'], createdAt: now() }
      const signedIn = await sessions.beginWithAccount(user, await hashPassword(password), caller)
      if (!signedIn) throw codedError('ALREADY_EXISTS', `The handle "${handle}" is taken.`, { field: 'handle' })
      return signedIn
    },

    /** The account that a handle and a password prove. INVALID_CREDENTIALS or RATE_LIMITED. */
    prove: async (
      { handle, password }: { handle: string; password: string },
      caller: Caller,
    ): Promise<{ user: UserRecord; hasTotp: boolean }> => {
      await limits.countSignIn(handle, caller)
      const credentials = await store.credentialsOf({ handleKey: handleKeyOf(handle) })
      const proven = await verifier.verify(password, credentials?.passwordHash)
      if (!credentials || !proven) throw wrongCredentials()
      return credentials
    },
  }
}
