import type { PrismaClient } from '../.generated/prisma/client.ts'

/** Something in the ledger that contradicts something else in it. */
export type Discrepancy = { id: string; problem: string; recorded: bigint; computed: bigint }

/**
 * Proves the books: every balance is the sum of its entries, every entry continues the one before it, every held amount
 * is what active holds set aside, and every transfer sums to zero in each currency. Empty when all is well. It reads the
 * whole ledger, as of one instant.
 */
export const findDiscrepancies = (client: PrismaClient): Promise<Discrepancy[]> => client.$queryRaw`
  WITH booked AS (
    SELECT account_id, sum(amount)::bigint AS balance FROM bancai.entries GROUP BY account_id
  ), set_aside AS (
    SELECT account_id, sum(amount - captured)::bigint AS held FROM bancai.holds WHERE status = 'ACTIVE' GROUP BY account_id
  ), running AS (
    SELECT id, balance_after, sum(amount) OVER (PARTITION BY account_id ORDER BY sequence)::bigint AS computed
    FROM bancai.entries
  ), total AS (
    SELECT transfers.id, count(entries.id) AS entries, COALESCE(sum(entries.amount), 0)::bigint AS sum
    FROM bancai.transfers LEFT JOIN bancai.entries ON entries.transfer_id = transfers.id
    GROUP BY transfers.id, entries.currency
  )
  SELECT accounts.id, 'the balance is not the sum of the entries' AS problem, accounts.balance AS recorded,
    COALESCE(booked.balance, 0) AS computed
  FROM bancai.accounts LEFT JOIN booked ON booked.account_id = accounts.id
  WHERE accounts.balance <> COALESCE(booked.balance, 0)
  UNION ALL
  SELECT accounts.id, 'the held amount is not what active holds set aside', accounts.held, COALESCE(set_aside.held, 0)
  FROM bancai.accounts LEFT JOIN set_aside ON set_aside.account_id = accounts.id
  WHERE accounts.held <> COALESCE(set_aside.held, 0)
  UNION ALL
  SELECT id, 'the entry does not continue the one before it', balance_after, computed
  FROM running WHERE balance_after <> computed
  UNION ALL
  SELECT id, 'the transfer does not sum to zero', 0, sum FROM total WHERE sum <> 0
  UNION ALL
  SELECT id, 'the transfer has no entries', 0, 0 FROM total WHERE entries = 0`
