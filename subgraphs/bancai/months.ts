/** The instants in UTC at which a month such as `2026-01` begins and at which the next one does. */
export const monthBounds = (month: string): { from: Date; to: Date } => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return { from: new Date(Date.UTC(year, number - 1, 1)), to: new Date(Date.UTC(year, number, 1)) }
}

/** Whether text is a calendar month, from 1970 on. */
export const isMonth = (text: string): boolean => /^(19[7-9]\d|[2-9]\d{3})-(0[1-9]|1[0-2])$/.test(text)

/** The id of the statement of an account and a month. */
export const statementId = (accountId: string, month: string): string => `${accountId}.${month}`

/** What a statement's id says; undefined when it is none. */
export const parseStatementId = (id: string): { accountId: string; month: string } | undefined => {
  const split = id.lastIndexOf('.')
  const month = id.slice(split + 1)
  return split > 0 && isMonth(month) ? { accountId: id.slice(0, split), month } : undefined
}
