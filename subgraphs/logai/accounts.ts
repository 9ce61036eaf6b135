import { badInput, codedError } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Limits } from './limits.ts'
import { checkNewPassword, hashPassword } from './passwords.ts'
import type { PasswordVerifier } from './passwords.ts'
import { handleKeyOf } from './records.ts'
import type { SessionRecord, UserRecord } from './records.ts'
import type { SecondFactor } from './second-factor.ts'
import type { Caller, Sessions, SignIn } from './sessions.ts'
import type { Store } from './store.ts'

const longestEmail = 254

const checkHandle = (handle: string): void => {
  if (/^[A-Za-z0-9_]{3,30}$/.test(handle)) return
  throw badInput('A handle has 3 to 30 letters (A to Z), digits and underscores.', { field: 'handle' })
}

const checkEmail = (email: string): void => {
  // Only a message that arrives proves an address; this catches slips.
  if (email.length <= longestEmail && /^[^\s@,;<>"]+@[^\s@,;<>".]+(\.[^\s@,;<>".]+)+$/.test(email)) return
  throw badInput(`This is not an e-mail address of at most ${longestEmail} characters.`, { field: 'email' })
}

// The same words whatever was wrong: they must not tell whether an account exists.
const wrongCredentials = (): Error => codedError('INVALID_CREDENTIALS', 'The handle or the password is wrong.')

/** What a right password leads to: the person, or the question for a second factor. */
export type FirstStep = { user: UserRecord } | { challenge: string; expiresAt: Date }

/** Accounts and their passwords. */
export type Accounts = ReturnType<typeof createAccounts>

/** The rules of accounts. */
export const createAccounts = (
  parts: { store: Store; sessions: Sessions; limits: Limits; secondFactor: SecondFactor; verifier: PasswordVerifier },
  { now, newId }: Platform,
) => {
  const { store, sessions, limits, secondFactor, verifier } = parts

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

    /** The first step of a sign-in. INVALID_CREDENTIALS or RATE_LIMITED. */
    prove: async ({ handle, password }: { handle: string; password: string }, caller: Caller): Promise<FirstStep> => {
      await limits.countSignIn(handle, caller)
      const credentials = await store.credentialsOf({ handleKey: handleKeyOf(handle) })
      const proven = await verifier.verify(password, credentials?.passwordHash)
      if (!credentials || !proven) throw wrongCredentials()
      const { user, hasTotp } = credentials
      // Forgiven only now: who knows no more than the password must not get endless tries at the second factor.
      if (hasTotp) return secondFactor.challenge(user.id)
      await limits.forgive(user.handle)
      return { user }
    },

    /** Changes the password and ends every other session. INVALID_CREDENTIALS, BAD_USER_INPUT or RATE_LIMITED. */
    changePassword: async (
      user: UserRecord,
      session: SessionRecord,
      { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
    ): Promise<void> => {
      checkNewPassword(newPassword, user.handle, 'newPassword')
      await limits.countCheck(user.handle)
      const credentials = await store.credentialsOf({ id: user.id })
      if (!(await verifier.verify(currentPassword, credentials?.passwordHash))) {
        throw codedError('INVALID_CREDENTIALS', 'The current password is wrong.', { field: 'currentPassword' })
      }
      const passwordHash = await hashPassword(newPassword)
      const change = { userId: user.id, passwordHash, exceptSessionId: session.id, at: now() }
      await sessions.tellEnded(await store.changePassword(change))
      await limits.forgive(user.handle)
    },
  }
}
