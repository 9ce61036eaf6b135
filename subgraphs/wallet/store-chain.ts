import type { ChainTransfer, Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import type { ChainTransferRecord, ChainTransferStatus } from './records.ts'
import type { NewChainTransfer } from './transaction.ts'

/** What the next transaction of a wallet is decided on. */
export type ChainState = {
  sealedKey: string
  /** Changes with every transfer that is added or ends. */
  version: number
  /** The most that transfers which are on their way take from the address, in wei. */
  pendingCost: bigint
  /** The highest number among them; undefined when there are none. */
  pendingNonce: number | undefined
}

const inWei = (amount: Prisma.Decimal): bigint => BigInt(amount.toFixed(0))

const withAddress = { wallet: { select: { address: true } } } as const

const recordOf = ({
  value,
  cost,
  wallet,
  ...row
}: ChainTransfer & { wallet: { address: string } }): ChainTransferRecord => ({
  ...row,
  from: wallet.address,
  value: inWei(value),
  cost: inWei(cost),
})

/** What the wallets read and write about the chain. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the type is what it returns
export const createChainStore = (client: PrismaClient) => ({
  /** The state of a wallet of a person; undefined when the person has no such wallet. */
  chainState: async (walletId: string, ownerId: string): Promise<ChainState | undefined> => {
    const wallet = await client.wallet.findUnique({
      where: { id: walletId, ownerId },
      select: {
        sealedKey: true,
        chainVersion: true,
        chainTransfers: { where: { status: 'PENDING' }, select: { cost: true, nonce: true } },
      },
    })
    if (!wallet) return undefined
    const { sealedKey, chainVersion: version, chainTransfers: pending } = wallet
    return {
      sealedKey,
      version,
      pendingCost: pending.reduce((sum, { cost }) => sum + inWei(cost), 0n),
      pendingNonce: pending.length === 0 ? undefined : Math.max(...pending.map(({ nonce }) => nonce)),
    }
  },

  chainTransfers: async (ids: readonly string[]): Promise<ChainTransferRecord[]> =>
    (await client.chainTransfer.findMany({ where: { id: { in: [...ids] } }, include: withAddress })).map(recordOf),

  /** Transfers that are on their way, in the order in which the chain takes them; of one wallet, or of all. */
  pendingChainTransfers: async (limit: number, walletId?: string): Promise<ChainTransferRecord[]> => {
    const pending = await client.chainTransfer.findMany({
      where: { status: 'PENDING', ...(walletId !== undefined && { walletId }) },
      orderBy: [{ createdAt: 'asc' }, { nonce: 'asc' }],
      take: limit,
      include: withAddress,
    })
    return pending.map(recordOf)
  },

  /** Writes down how a transfer that was on its way ended. */
  endChainTransfer: async (
    { id, walletId }: ChainTransferRecord,
    status: Exclude<ChainTransferStatus, 'PENDING'>,
  ): Promise<void> => {
    await client.$transaction([
      client.wallet.update({ where: { id: walletId }, data: { chainVersion: { increment: 1 } } }),
      client.chainTransfer.updateMany({ where: { id, status: 'PENDING' }, data: { status } }),
    ])
  },

  /** Wallets that have no coins of the development chain yet, oldest first. */
  walletsWithoutGift: (limit: number): Promise<{ id: string; address: string }[]> =>
    client.wallet.findMany({
      where: { giftedAt: null },
      orderBy: { createdAt: 'asc' },
      take: limit,
      select: { id: true, address: true },
    }),

  markGifted: async (id: string, at: Date): Promise<void> => {
    await client.wallet.update({ where: { id }, data: { giftedAt: at } })
  },
})

/** Adds a transfer to its wallet, if nothing changed there since it was decided on; else false. */
export const insertChainTransfer = async (
  tx: Prisma.TransactionClient,
  id: string,
  { decidedOn, ...transfer }: NewChainTransfer,
): Promise<boolean> => {
  const { count } = await tx.wallet.updateMany({
    where: { id: transfer.walletId, chainVersion: decidedOn },
    data: { chainVersion: { increment: 1 } },
  })
  if (count === 0) return false
  const [value, cost] = [transfer.value.toString(), transfer.cost.toString()]
  await tx.chainTransfer.create({ data: { ...transfer, id, value, cost } })
  return true
}
