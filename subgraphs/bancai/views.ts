import { maySee } from '../_kit/index.ts'
import type { Context } from './context.ts'
import { monthBounds, parseStatementId, statementId } from './months.ts'
import type { AccountRecord, HoldRecord, StatementRecord, TransferRecord } from './records.ts'

/** An account, if the caller may see it; else null, as if it did not exist. */
export const visibleAccount = async (context: Context, id: string): Promise<AccountRecord | null> => {
  const account = await context.loaders.account.load(id)
  return account && maySee(context, account.ownerId) ? account : null
}

/** A transfer, if the caller may see one of its accounts; else null. */
export const visibleTransfer = async (context: Context, id: string): Promise<TransferRecord | null> => {
  const transfer = await context.loaders.transfer.load(id)
  return transfer?.partyIds.some((ownerId) => maySee(context, ownerId)) ? transfer : null
}

/** A hold, if the caller may see its account; else null. */
export const visibleHold = async (context: Context, id: string): Promise<HoldRecord | null> => {
  const hold = await context.loaders.hold.load(id)
  return hold && maySee(context, hold.ownerId) ? hold : null
}

/** The statement of a month, if the caller may see the account; null also for a month that has not begun. */
export const visibleStatement = async (
  context: Context,
  accountId: string,
  month: string,
): Promise<StatementRecord | null> => {
  if (monthBounds(month).from > context.service.now()) return null
  const account = await visibleAccount(context, accountId)
  return account && { id: statementId(account.id, month), account, month }
}

/** As `visibleStatement`, by the statement's id. */
export const visibleStatementById = async (context: Context, id: string): Promise<StatementRecord | null> => {
  const parsed = parseStatementId(id)
  return parsed ? visibleStatement(context, parsed.accountId, parsed.month) : null
}
