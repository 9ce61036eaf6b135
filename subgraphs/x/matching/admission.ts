import { badInput, codedError } from '@codai/runtime'
import type { Book } from './book.ts'
import type { NewOrder } from './order.ts'

const isPositive = (value: bigint | undefined): boolean => value !== undefined && value > 0n

const refuse = (field: string, message: string): never => {
  throw badInput(message, { field })
}

/**
 * Refuses prices that do not go with an order's type.
 * @throws BAD_USER_INPUT with the field at fault
 */
export const admitPrices = (order: Pick<NewOrder, 'type' | 'price' | 'stopPrice'>): void => {
  if (order.price !== undefined && order.price <= 0n) refuse('price', 'A price must be greater than zero.')
  if (order.type === 'LIMIT' && order.price === undefined) refuse('price', 'A limit order needs a price.')
  if (order.type === 'MARKET' && order.price !== undefined) {
    refuse('price', 'A market order takes the price it finds; use a limit order to bound it.')
  }
  if (order.type === 'STOP' && !isPositive(order.stopPrice)) {
    refuse('stopPrice', 'A stop order needs a stop price greater than zero.')
  }
  if (order.type !== 'STOP' && order.stopPrice !== undefined) {
    refuse('stopPrice', 'Only a stop order has a stop price.')
  }
}

const admitBudget = (order: NewOrder): void => {
  const isUnpricedBuy = order.side === 'BUY' && order.price === undefined
  if (isUnpricedBuy && !isPositive(order.budget)) {
    refuse('budget', 'A buy order without a price needs a budget greater than zero.')
  }
  if (!isUnpricedBuy && order.budget !== undefined) {
    refuse('budget', 'Only a buy order without a price has a budget.')
  }
}

/**
 * Refuses an order that no book can take.
 * @throws BAD_USER_INPUT with the field at fault; ALREADY_EXISTS when an order with this id is open.
 */
export const admit = (book: Book, order: NewOrder): void => {
  if (order.quantity <= 0n) refuse('quantity', 'A quantity must be greater than zero.')
  admitPrices(order)
  admitBudget(order)
  if (book.order(order.id) !== undefined) throw codedError('ALREADY_EXISTS', `Order ${order.id} is already open.`)
}
