/** A ledger as simple as it can be: what the real one is compared with. Amounts are whole numbers, time is in minutes. */
export type Model = {
  accounts: { owner: number; currency: string; balance: number }[]
  holds: ModelHold[]
  minute: number
}

export type ModelHold = {
  account: number
  service: boolean
  left: number
  status: 'ACTIVE' | 'CAPTURED' | 'RELEASED'
  endsAt: number
}

export type ModelLeg = { hold: number; to: number; amount: number | null }

const isActive = (model: Model, hold: ModelHold): boolean => hold.status === 'ACTIVE' && hold.endsAt > model.minute

/** What is set aside of an account. */
export const heldOf = (model: Model, account: number): number =>
  model.holds
    .filter((hold) => hold.account === account && isActive(model, hold))
    .reduce((sum, { left }) => sum + left, 0)

const availableOf = (model: Model, account: number): number =>
  (model.accounts[account]?.balance ?? 0) - heldOf(model, account)

const pay = (model: Model, from: number, to: number, amount: number): void => {
  const [payer, payee] = [model.accounts[from], model.accounts[to]]
  if (!payer || !payee) throw new Error('The model has no such account.')
  payer.balance -= amount
  payee.balance += amount
}

const fit = (model: Model, from: number, to: number): boolean =>
  from !== to && model.accounts[from]?.currency === model.accounts[to]?.currency

/** Moves available money of a person; false when that is refused. */
export const transfer = (model: Model, person: number, from: number, to: number, amount: number): boolean => {
  if (model.accounts[from]?.owner !== person || !fit(model, from, to) || availableOf(model, from) < amount) return false
  pay(model, from, to, amount)
  return true
}

/** Sets money of a person aside, by themselves or by a service, for some minutes; false when that is refused. */
export const authorize = (
  model: Model,
  person: number,
  account: number,
  amount: number,
  details: { service: boolean; minutes: number },
): boolean => {
  if (model.accounts[account]?.owner !== person || availableOf(model, account) < amount) return false
  const endsAt = model.minute + details.minutes
  model.holds.push({ account, service: details.service, left: amount, status: 'ACTIVE', endsAt })
  return true
}

const mayUse = (model: Model, hold: ModelHold, actor: number | 'service'): boolean =>
  actor === 'service' ? hold.service : !hold.service && model.accounts[hold.account]?.owner === actor

/** Moves held money, all legs or none; false when one of them is refused. */
export const capture = (model: Model, actor: number | 'service', legs: readonly ModelLeg[]): boolean => {
  const trial = structuredClone(model)
  for (const { hold: index, to, amount } of legs) {
    const hold = trial.holds[index]
    if (!hold || !mayUse(trial, hold, actor) || !fit(trial, hold.account, to) || !isActive(trial, hold)) return false
    const taken = amount ?? hold.left
    if (taken > hold.left) return false
    hold.left -= taken
    if (hold.left === 0) hold.status = 'CAPTURED'
    pay(trial, hold.account, to, taken)
  }
  Object.assign(model, trial)
  return true
}

/** Gives a hold back; false when that is refused. */
export const release = (model: Model, actor: number | 'service', index: number): boolean => {
  const hold = model.holds[index]
  if (!hold || !mayUse(model, hold, actor)) return false
  if (isActive(model, hold)) hold.status = 'RELEASED'
  return true
}
