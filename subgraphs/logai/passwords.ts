import { hash, verify } from '@node-rs/argon2'
import { badInput } from '../_kit/index.ts'
import { commonPasswords } from './common-passwords.ts'

const shortest = 10
const longest = 200

// The first choice of OWASP's Password Storage Cheat Sheet for Argon2id (the library's default variant).
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

// Keyboards compose accents in more than one way; NFKC makes them one (NIST SP 800-63B, 5.1.1.2).
const normalized = (password: string): string => password.normalize('NFKC')

/** Refuses a password that is too short, too long, equal to the handle, or among the first that anyone would try. */
export const checkNewPassword = (password: string, handle: string, field: string): void => {
  const { length } = Array.from(password)
  if (length < shortest || length > longest) {
    throw badInput(`A password has ${shortest} to ${longest} characters.`, { field })
  }
  const plain = normalized(password).toLowerCase()
  if (plain === handle.toLowerCase()) throw badInput('The password must not be the handle.', { field })
  if (commonPasswords.has(plain))
    throw badInput('This password is among the most common ones. Choose another.', { field })
}

/** Argon2id with a random salt, in PHC form. */
export const hashPassword = (password: string): Promise<string> => hash(normalized(password), cost)

/** Hashes and checks passwords. */
export type PasswordVerifier = {
  /** Whether the password is the hash's. Without a hash the answer is no, and takes as long. */
  verify(password: string, passwordHash: string | null | undefined): Promise<boolean>
}

/** A verifier whose answers about unknown accounts take as long as those about known ones. */
export const createPasswordVerifier = async (): Promise<PasswordVerifier> => {
  const nobodys = await hashPassword('nobody has this password')
  return {
    verify: async (password, passwordHash) => {
      // Nobody chose such a password, and hashing megabytes is a way to keep the server busy.
      const tried = Array.from(password).length > longest ? '' : normalized(password)
      const matches = await verify(passwordHash ?? nobodys, tried)
      return matches && passwordHash != null
    },
  }
}
