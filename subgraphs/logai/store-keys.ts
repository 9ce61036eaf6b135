import type { Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import type { SigningKeyRow } from './records.ts'

// Any number; only that it is the same in every process matters.
const rotationLock = 300_201

/** The keys that sign. */
export const keyStore = (client: PrismaClient) => ({
  signingKeys: (): Promise<SigningKeyRow[]> => client.signingKey.findMany(),

  /** Adds the key that `missing` makes, if any, and drops what ended before `oldest`; one process at a time. */
  rotateSigningKeys: (
    missing: (rows: readonly SigningKeyRow[]) => Promise<SigningKeyRow | undefined>,
    oldest: Date,
  ): Promise<SigningKeyRow[]> =>
    client.$transaction(async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${rotationLock})`
      await transaction.signingKey.deleteMany({ where: { activeUntil: { lt: oldest } } })
      const added = await missing(await transaction.signingKey.findMany())
      if (added) {
        await transaction.signingKey.create({ data: { ...added, publicJwk: added.publicJwk as Prisma.InputJsonValue } })
      }
      return transaction.signingKey.findMany()
    }),
})
