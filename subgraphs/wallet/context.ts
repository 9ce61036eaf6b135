import { requireConfig } from '@codai/runtime'
import { loader } from '../_kit/index.ts'
import type { ContextOf, LoaderRequest, Platform } from '../_kit/index.ts'
import { createArrivals } from './arrivals.ts'
import { createAsking } from './asking.ts'
import { createAuthorizations } from './authorizations.ts'
import { createBank } from './bank.ts'
import { createChain } from './chain.ts'
import { createChainTransfers } from './chain-transfers.ts'
import { createPayments } from './payments.ts'
import { createRequests } from './requests.ts'
import { createRulebook } from './rulebook.ts'
import { createSettlement } from './settlement.ts'
import { createStore } from './store.ts'
import { createVault } from './vault.ts'
import { createWallets } from './wallets.ts'

/** Opens the wallets over their tables, the bank and the chain. */
export const open = async (platform: Platform) => {
  const { config, newId, now, logger } = platform
  const vault = createVault(requireConfig(config, 'walletKey'))
  const chain = createChain(requireConfig(config, 'evmRpcUrl'))
  const bank = createBank(platform.peer('bancai'))
  const store = createStore(await platform.relational(), await platform.events())
  const arrivals = createArrivals({ store, pubSub: platform.pubSub(), logger })
  const requests = createRequests({ store, newId, now })
  const settlement = createSettlement({ store, bank, newId, now, announce: arrivals.announce, logger })
  const chainTransfers = createChainTransfers({ store, requests, chain, vault, now, logger })
  return {
    store,
    vault,
    bank,
    chain,
    newId,
    now,
    settlement,
    chainTransfers,
    listen: arrivals.listen,
    ...createWallets({ store, bank, vault, newId, now }),
    ...createPayments({ requests, settlement, now }),
    ...createAuthorizations({ store, settlement, newId, now }),
    ...createAsking({ store, requests, settlement, now }),
    ...createRulebook({ store, newId, now }),
  }
}

/** The wallets, as resolvers use them. */
export type Service = Awaited<ReturnType<typeof open>>

/** The batched reads of one request. */
export const loaders = ({ store, bank, chain }: Service, { requestId }: LoaderRequest) => ({
  wallet: loader(store.wallets, ({ id }) => id),
  payment: loader(store.payments, ({ id }) => id),
  rule: loader(store.rules, ({ id }) => id),
  accountsOfWallet: loader(
    async (walletIds) => {
      const accounts = await store.accountsOf(walletIds)
      return walletIds.map((walletId) => ({
        walletId,
        accountIds: accounts.filter((account) => account.walletId === walletId).map(({ accountId }) => accountId),
      }))
    },
    ({ walletId }) => walletId,
  ),
  // Whoever may see a wallet may see what is in it, so the bank is asked by the service itself, once for all.
  bankAccount: loader(
    (ids) => bank.accounts(ids, undefined, requestId),
    ({ id }) => id,
  ),
  coins: loader(
    async (addresses) => {
      const balances = await chain.balances(addresses)
      return balances.map((balance, index) => ({ address: addresses[index], balance }))
    },
    ({ address }) => address ?? '',
  ),
})

export type Context = ContextOf<typeof open, typeof loaders>
