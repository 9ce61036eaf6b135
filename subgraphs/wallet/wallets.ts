import { badInput, codedError, notFound, requiredText } from '../_kit/index.ts'
import type { Bank } from './bank.ts'
import { requireIds } from './inputs.ts'
import type { WalletAccount, WalletRecord } from './records.ts'
import type { Store } from './store.ts'
import type { Vault } from './vault.ts'

const mostWallets = 20
const accountsOfWallet = [1, 10] as const

/** Creates wallets. */
export const createWallets = (options: {
  store: Store
  bank: Bank
  vault: Vault
  newId: () => string
  now: () => Date
}) => {
  const { store, bank, vault, newId, now } = options

  /** The accounts by currency; NOT_FOUND for one that is not the person's own. */
  const ownAccounts = async (
    userId: string,
    walletId: string,
    ids: readonly string[],
    requestId: string,
  ): Promise<WalletAccount[]> => {
    const found = new Map((await bank.accounts(ids, userId, requestId)).map((account) => [account.id, account]))
    return ids.map((accountId) => {
      const account = found.get(accountId)
      if (account?.ownerId !== userId) throw notFound('Account', accountId)
      return { walletId, accountId, currency: account.currency }
    })
  }

  return {
    /** Creates a wallet over own accounts. LIMIT_EXCEEDED at a person's 21st; UNAVAILABLE without bancai. */
    createWallet: async (
      userId: string,
      input: { name: string; accounts: readonly string[] },
      requestId: string,
    ): Promise<WalletRecord> => {
      const name = requiredText(input.name, 60, 'name')
      const ids = requireIds('Account', input.accounts, accountsOfWallet, 'accounts')
      const id = newId()
      const accounts = await ownAccounts(userId, id, ids, requestId)
      if (new Set(accounts.map(({ currency }) => currency)).size < accounts.length) {
        throw badInput('Give at most one account of each currency.', { field: 'accounts' })
      }
      const { address, sealedKey } = vault.create(id)
      const wallet: WalletRecord = { id, ownerId: userId, name, address, createdAt: now() }
      await store.transact(async (tx) => {
        await tx.lockPerson(userId)
        if ((await tx.countWallets(userId)) >= mostWallets) {
          throw codedError('LIMIT_EXCEEDED', `A person has at most ${mostWallets} wallets.`)
        }
        await tx.insertWallet({ ...wallet, sealedKey }, accounts)
      })
      return wallet
    },
  }
}
