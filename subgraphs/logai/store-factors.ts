import type { Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import type { UserRecord } from './records.ts'

/** A second factor as it is stored: the secret is sealed. */
export type FactorRow = { userId: string; secret: string; confirmedAt: Date | null }

/** What a person proves a second factor by: the time step of a code, or the digest of a recovery code. */
export type FactorProof = { step: number } | { recoveryHash: string }

/** Uses a proof up; false when it was used before. In one statement, so that of two users at once one succeeds. */
const useProof = async (
  transaction: Prisma.TransactionClient,
  userId: string,
  proof: FactorProof,
  at: Date,
): Promise<boolean> => {
  const { count } =
    'step' in proof
      ? await transaction.totpFactor.updateMany({
          where: {
            userId,
            confirmedAt: { not: null },
            OR: [{ lastStep: null }, { lastStep: { lt: proof.step } }],
          },
          data: { lastStep: proof.step },
        })
      : await transaction.recoveryCode.updateMany({
          where: { userId, codeHash: proof.recoveryHash, usedAt: null },
          data: { usedAt: at },
        })
  return count === 1
}

const replaceCodes = async (
  transaction: Prisma.TransactionClient,
  userId: string,
  hashes: readonly string[],
): Promise<void> => {
  await transaction.recoveryCode.deleteMany({ where: { userId } })
  await transaction.recoveryCode.createMany({ data: hashes.map((codeHash) => ({ userId, codeHash })) })
}

/** Second factors and the challenges that ask for them. */
export const factorStore = (client: PrismaClient) => ({
  factorOf: (userId: string): Promise<FactorRow | null> => client.totpFactor.findUnique({ where: { userId } }),

  /** The state of people's second factors. People without one are not in the answer. */
  factorStates: async (userIds: readonly string[]): Promise<{ userId: string; recoveryCodesLeft: number }[]> => {
    const rows = await client.totpFactor.findMany({
      where: { userId: { in: [...userIds] }, confirmedAt: { not: null } },
      select: {
        userId: true,
        user: { select: { _count: { select: { recoveryCodes: { where: { usedAt: null } } } } } },
      },
    })
    return rows.map(({ userId, user }) => ({ userId, recoveryCodesLeft: user._count.recoveryCodes }))
  },

  /** Keeps a secret that waits for its first code, in place of another that waits. False when a factor is confirmed. */
  beginFactor: async (factor: { userId: string; secret: string; createdAt: Date }): Promise<boolean> => {
    const { userId, secret, createdAt } = factor
    const count = await client.$executeRaw`
      INSERT INTO "logai"."totp_factors" ("user_id", "secret", "created_at") VALUES (${userId}, ${secret}, ${createdAt})
      ON CONFLICT ("user_id") DO UPDATE SET "secret" = excluded."secret", "created_at" = excluded."created_at"
      WHERE "totp_factors"."confirmed_at" IS NULL`
    return count === 1
  },

  /** Confirms a waiting secret with its first code. False when it is no longer that secret which waits. */
  confirmFactor: (confirmation: {
    userId: string
    secret: string
    step: number
    recoveryHashes: readonly string[]
    at: Date
  }): Promise<boolean> =>
    client.$transaction(async (transaction) => {
      const { userId, secret, step, recoveryHashes, at } = confirmation
      const { count } = await transaction.totpFactor.updateMany({
        where: { userId, secret, confirmedAt: null },
        data: { confirmedAt: at, lastStep: step },
      })
      if (count === 0) return false
      await replaceCodes(transaction, userId, recoveryHashes)
      return true
    }),

  /** Replaces the recovery codes, for a proof. False when the proof is used up. */
  renewRecoveryCodes: (userId: string, proof: FactorProof, hashes: readonly string[], at: Date): Promise<boolean> =>
    client.$transaction(async (transaction) => {
      if (!(await useProof(transaction, userId, proof, at))) return false
      await replaceCodes(transaction, userId, hashes)
      return true
    }),

  /** Removes the second factor, for a proof. False when the proof is used up. */
  removeFactor: (userId: string, proof: FactorProof, at: Date): Promise<boolean> =>
    client.$transaction(async (transaction) => {
      if (!(await useProof(transaction, userId, proof, at))) return false
      await transaction.totpFactor.delete({ where: { userId } })
      await transaction.recoveryCode.deleteMany({ where: { userId } })
      await transaction.mfaChallenge.deleteMany({ where: { userId } })
      return true
    }),

  createChallenge: async (challenge: {
    tokenHash: string
    userId: string
    createdAt: Date
    expiresAt: Date
  }): Promise<void> => void (await client.mfaChallenge.create({ data: challenge })),

  /** Whom a challenge asks that can still be answered. */
  challengedPerson: async (tokenHash: string, at: Date): Promise<Pick<UserRecord, 'id' | 'handle'> | undefined> => {
    const found = await client.mfaChallenge.findFirst({
      where: { tokenHash, answeredAt: null, expiresAt: { gt: at } },
      select: { user: { select: { id: true, handle: true } } },
    })
    return found?.user
  },

  /** Answers a challenge with a proof. False when one of them is used up. */
  answerChallenge: (tokenHash: string, userId: string, proof: FactorProof, at: Date): Promise<boolean> =>
    client.$transaction(async (transaction) => {
      const waiting = await transaction.$queryRaw<unknown[]>`
        SELECT 1 FROM "logai"."mfa_challenges" WHERE "token_hash" = ${tokenHash} AND "user_id" = ${userId}
        AND "answered_at" IS NULL AND "expires_at" > ${at} FOR UPDATE`
      if (waiting.length === 0 || !(await useProof(transaction, userId, proof, at))) return false
      await transaction.mfaChallenge.update({ where: { tokenHash }, data: { answeredAt: at } })
      return true
    }),
})
