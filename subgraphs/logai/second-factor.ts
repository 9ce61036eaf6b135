import { randomInt } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import { codedError } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Limits } from './limits.ts'
import { digestOf, newOpaqueToken } from './opaque.ts'
import type { UserRecord } from './records.ts'
import type { Store } from './store.ts'
import type { FactorProof } from './store-factors.ts'
import type { Sealer } from './vault.ts'

/** How long a challenge can be answered. */
export const challengeLifeMs = 5 * 60_000
const recoveryCodeCount = 10

// Base32 without anything that looks like something else (I, L, O, U; Crockford's alphabet): 16 characters are 80 bits.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const newRecoveryCode = (): string => {
  const characters = Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)])
  return [0, 4, 8, 12].map((start) => characters.slice(start, start + 4).join('')).join('-')
}

// As people type it: in capitals, without the hyphens, with spaces.
const recoveryHashOf = (userId: string, code: string): string =>
  digestOf(`${userId}:${code.toLowerCase().replace(/[\s-]/g, '')}`)

const wrongCode = (): Error =>
  codedError('INVALID_CREDENTIALS', 'The code is wrong, was used before, or has expired.', { field: 'code' })
const nothingEnrolled = (): Error => codedError('CONFLICT', 'The account has no authenticator application.')

/** Second factors of people: authenticator applications (TOTP, RFC 6238) and recovery codes. */
export type SecondFactor = ReturnType<typeof createSecondFactor>

/** The rules of second factors. A code works once, and is accepted one step (30 s) early or late. */
export const createSecondFactor = (store: Store, limits: Limits, sealer: Sealer, { now }: Platform) => {
  /** The time step that a code is good for, if any. */
  const stepOf = (secret: string, code: string): number | undefined => {
    if (!/^\d{6}$/.test(code)) return undefined
    const result = verifySync({ secret, token: code, epoch: Math.floor(now().getTime() / 1000), epochTolerance: 30 })
    return result.valid && 'timeStep' in result ? result.timeStep : undefined
  }

  /** What a code proves, not used up yet. A text of six digits is never a recovery code. */
  const proofOf = async (userId: string, code: string, allowRecovery: boolean): Promise<FactorProof> => {
    const factor = await store.factorOf(userId)
    if (!factor?.confirmedAt) throw nothingEnrolled()
    const plain = code.replace(/\s/g, '')
    if (allowRecovery && !/^\d{6}$/.test(plain)) return { recoveryHash: recoveryHashOf(userId, plain) }
    const step = stepOf(sealer.open(factor.secret, userId), plain)
    if (step === undefined) throw wrongCode()
    return { step }
  }

  const newCodes = (userId: string): { codes: string[]; hashes: string[] } => {
    const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode)
    return { codes, hashes: codes.map((code) => recoveryHashOf(userId, code)) }
  }

  return {
    /** Asks for a second factor: the token of the challenge, and when it ends. */
    challenge: async (userId: string): Promise<{ challenge: string; expiresAt: Date }> => {
      const challenge = newOpaqueToken()
      const createdAt = now()
      const expiresAt = new Date(createdAt.getTime() + challengeLifeMs)
      await store.createChallenge({ tokenHash: digestOf(challenge), userId, createdAt, expiresAt })
      return { challenge, expiresAt }
    },

    /** The person that answered a challenge. INVALID_CREDENTIALS, or RATE_LIMITED after five tries. */
    answer: async ({ challenge, code }: { challenge: string; code: string }): Promise<UserRecord> => {
      const tokenHash = digestOf(challenge)
      const person = await store.challengedPerson(tokenHash, now())
      if (!person) throw codedError('INVALID_CREDENTIALS', 'The challenge has ended. Sign in again.')
      await limits.countAnswer(tokenHash, person.handle)
      const proof = await proofOf(person.id, code, true)
      if (!(await store.answerChallenge(tokenHash, person.id, proof, now()))) throw wrongCode()
      const [user] = await store.usersByIds([person.id])
      if (!user) throw wrongCode()
      await limits.forgive(user.handle)
      return user
    },

    /** Begins an enrolment, in place of one that was not completed. CONFLICT when the account has a second factor. */
    enroll: async (user: UserRecord): Promise<{ secret: string; uri: string }> => {
      const secret = generateSecret()
      const sealed = sealer.seal(secret, user.id)
      if (!(await store.beginFactor({ userId: user.id, secret: sealed, createdAt: now() }))) {
        throw codedError('CONFLICT', 'The account has an authenticator application. Remove it before you add another.')
      }
      return { secret, uri: generateURI({ issuer: 'Codai', label: user.handle, secret }) }
    },

    /** Completes an enrolment with its first code. Answers the recovery codes. */
    confirm: async (user: UserRecord, code: string): Promise<string[]> => {
      const factor = await store.factorOf(user.id)
      if (!factor || factor.confirmedAt) throw codedError('CONFLICT', 'No enrolment waits for a code.')
      await limits.countCheck(user.handle)
      const step = stepOf(sealer.open(factor.secret, user.id), code.replace(/\s/g, ''))
      if (step === undefined) throw wrongCode()
      const { codes, hashes } = newCodes(user.id)
      const confirmation = { userId: user.id, secret: factor.secret, step, recoveryHashes: hashes, at: now() }
      if (!(await store.confirmFactor(confirmation))) throw codedError('CONFLICT', 'No enrolment waits for a code.')
      await limits.forgive(user.handle)
      return codes
    },

    /** Replaces the recovery codes, for a code of the application. */
    renewCodes: async (user: UserRecord, code: string): Promise<string[]> => {
      await limits.countCheck(user.handle)
      const proof = await proofOf(user.id, code, false)
      const { codes, hashes } = newCodes(user.id)
      if (!(await store.renewRecoveryCodes(user.id, proof, hashes, now()))) throw wrongCode()
      await limits.forgive(user.handle)
      return codes
    },

    /** Removes the second factor, for a code of the application or a recovery code. */
    disable: async (user: UserRecord, code: string): Promise<void> => {
      await limits.countCheck(user.handle)
      const proof = await proofOf(user.id, code, true)
      if (!(await store.removeFactor(user.id, proof, now()))) throw wrongCode()
      await limits.forgive(user.handle)
    },
  }
}
