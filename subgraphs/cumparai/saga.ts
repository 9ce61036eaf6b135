import type { Platform, Watch } from '../_kit/index.ts'
import { afterPurchase } from './cart.ts'
import type { Cashier } from './cashier.ts'
import { leaseMs } from './catalogue.ts'
import { graceMs } from './deliveries-store.ts'
import type { Failure, PurchaseStatus } from './models.ts'
import type { PurchaseChange, PurchaseRecord } from './purchases-store.ts'
import type { Store } from './store.ts'

/** After this time somebody asks again who did not answer. */
const retryMs = 3_000

/** For how long a purchase tries to set its money aside. */
const patienceMs = 10 * 60_000

/** A purchase in its next status; undefined when there is nothing to do now. */
type Step = (purchase: PurchaseRecord) => Promise<PurchaseRecord | undefined>

/** Whether nothing is on its way. */
export const isSettled = ({ status }: Pick<PurchaseRecord, 'status'>): boolean =>
  status === 'CONFIRMED' || status === 'FAILED' || status === 'CANCELLED'

/** What `createSaga` gives. */
export type Saga = ReturnType<typeof createSaga>

/**
 * Carries purchases through their steps. Each step may be repeated and interrupted, by any number of processes: what it
 * does to stock and money happens once, and the status is written when it is done. So whoever finds a purchase, after
 * whatever crash, goes on from its status.
 */
export const createSaga = (
  { store, cashier, live }: { store: Store; cashier: Cashier; live: Watch<PurchaseRecord> },
  { now, logger }: Pick<Platform, 'now' | 'logger'>,
) => {
  const { purchases, stock } = store
  const running = new Map<string, Promise<PurchaseRecord>>()
  const after = (milliseconds: number): Date => new Date(now().getTime() + milliseconds)

  const moved = async (
    purchase: PurchaseRecord,
    status: PurchaseStatus,
    change: PurchaseChange = {},
  ): Promise<PurchaseRecord | undefined> => {
    const workAt = after(isSettled({ status }) ? graceMs : leaseMs)
    const next = await purchases.advance(purchase, { status, updatedAt: now(), workAt, ...change })
    if (next) await live.changed(next.id)
    return next ?? undefined
  }

  const fail = (purchase: PurchaseRecord, failure: Failure): Promise<PurchaseRecord | undefined> =>
    moved(purchase, 'FAILING', { failure })

  const later = async (purchase: PurchaseRecord, cause: unknown): Promise<undefined> => {
    logger.info({ err: cause, purchase: purchase.id, status: purchase.status }, 'a purchase goes on later')
    await purchases.postpone(purchase, after(retryMs))
    return undefined
  }

  const changesOf = ({ id, lines }: PurchaseRecord) => lines.map(({ product, quantity }) => ({ product, id, quantity }))

  const reserve: Step = async (purchase) => {
    for (const line of purchase.lines) {
      const { product, quantity, title } = line
      if (await stock.take({ product, id: purchase.id, quantity })) continue
      return fail(purchase, { code: 'CONFLICT', message: `There is not enough of "${title}" in stock.` })
    }
    return moved(purchase, 'RESERVED')
  }

  const authorize: Step = async (purchase) => {
    if (now().getTime() - purchase.createdAt.getTime() > patienceMs) {
      return fail(purchase, { code: 'TIMEOUT', message: 'The wallet did not answer in time.' })
    }
    const answer = await cashier.authorize(purchase)
    if (answer.outcome === 'done') return moved(purchase, 'AUTHORIZED', { payment: answer.payment })
    return answer.outcome === 'refused' ? fail(purchase, answer.failure) : later(purchase, answer.cause)
  }

  const capture: Step = async (purchase) => {
    const { payment, buyer } = purchase
    if (payment === undefined) throw new Error(`Purchase ${purchase.id} is authorized without a payment.`)
    const answer = await cashier.capture(payment, buyer)
    if (answer.outcome === 'done') return moved(purchase, 'PAID')
    return answer.outcome === 'refused' ? fail(purchase, answer.failure) : later(purchase, answer.cause)
  }

  const confirm: Step = async (purchase) => {
    const { buyer, lines, createdAt } = purchase
    const bought = new Set(lines.map(({ product }) => product))
    await store.carts.change(buyer, now(), (inCart) => afterPurchase(inCart, bought, createdAt))
    return moved(purchase, 'CONFIRMED', { confirmedAt: now() })
  }

  /** The payment that a failing purchase may have; undefined when it has none. */
  const doubtfulPayment = async (purchase: PurchaseRecord): Promise<string | undefined> => {
    // Only when the wallet never answered: then asking it once more tells which payment there is to be released.
    if (purchase.payment !== undefined || purchase.failure?.code !== 'TIMEOUT') return purchase.payment
    const answer = await cashier.authorize(purchase)
    if (answer.outcome === 'refused') return undefined
    if (answer.payment === undefined) throw answer.outcome === 'unknown' ? answer.cause : new Error('No payment.')
    return answer.payment
  }

  const giveBack: Step = async (purchase) => {
    const payment = await doubtfulPayment(purchase)
    if (payment !== undefined) {
      const answer = await cashier.release(payment, purchase.buyer)
      if (answer.outcome !== 'done') return later(purchase, answer)
    }
    await Promise.all(changesOf(purchase).map((change) => stock.giveBack(change)))
    return moved(purchase, 'FAILED')
  }

  const refund: Step = async (purchase) => {
    const { payment, buyer } = purchase
    if (payment === undefined) throw new Error(`Purchase ${purchase.id} is confirmed without a payment.`)
    const answer = await cashier.refund(payment, buyer)
    if (answer.outcome === 'unknown') return later(purchase, answer.cause)
    if (answer.outcome === 'refused') return moved(purchase, 'CONFIRMED', { failure: answer.failure })
    await Promise.all(changesOf(purchase).map((change) => stock.put(change)))
    return moved(purchase, 'CANCELLED', { refund: answer.payment })
  }

  const forget =
    (state: 'TAKEN' | 'RETURNED'): Step =>
    async (purchase) => {
      await Promise.all(changesOf(purchase).map((change) => stock.forget(change, state)))
      await purchases.rest(purchase)
      return undefined
    }

  const steps: Readonly<Record<PurchaseStatus, Step>> = {
    PENDING: reserve,
    RESERVED: authorize,
    AUTHORIZED: capture,
    PAID: confirm,
    CONFIRMED: forget('TAKEN'),
    FAILING: giveBack,
    FAILED: forget('RETURNED'),
    CANCELLING: refund,
    CANCELLED: forget('RETURNED'),
  }

  const carry = async (purchase: PurchaseRecord): Promise<PurchaseRecord> => {
    let current = purchase
    for (;;) {
      const next = await steps[current.status](current)
      if (!next) return current
      current = next
      if (isSettled(current)) return current
    }
  }

  const load = async (id: string): Promise<PurchaseRecord> => {
    const [purchase] = await purchases.byIds([id])
    if (!purchase) throw new Error(`Purchase ${id} has vanished.`)
    return purchase
  }

  return {
    moved,

    /** Carries a purchase on, as far as it goes now. */
    run: async (purchase: PurchaseRecord): Promise<PurchaseRecord> => {
      const carried = carry(purchase).finally(() => running.delete(purchase.id))
      running.set(purchase.id, carried)
      await carried
      return load(purchase.id)
    },

    /** Waits for whoever carries a purchase on in this process; answers it as it is then. */
    wait: async (id: string): Promise<PurchaseRecord> => {
      // What fails there is told where it was asked for.
      await running.get(id)?.catch(() => undefined)
      return load(id)
    },

    /** Carries on what was left on its way, by this process or by another one. */
    resume: async (): Promise<void> => {
      for (;;) {
        const purchase = await purchases.takeDue(now(), after(leaseMs))
        if (!purchase) return
        try {
          await carry(purchase)
        } catch (error) {
          // One purchase must not keep the others; it comes up again.
          logger.warn({ err: error, purchase: purchase.id }, 'a purchase could not go on and is tried again')
        }
      }
    },
  }
}
