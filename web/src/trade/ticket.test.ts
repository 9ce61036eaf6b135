import { describe, expect, it } from 'vitest'
import { applyUpdate } from './book.ts'
import { checkTicket, quantityFor } from './ticket.ts'
import type { TicketValues, TicketWorld } from './ticket.ts'

const world: TicketWorld = {
  base: 'BTC',
  quote: 'EUR',
  tickSize: '0.5',
  lotSize: '0.0001',
  last: '60000',
  available: { base: '0.25', quote: '3000' },
  book: applyUpdate(undefined, {
    kind: 'SNAPSHOT',
    sequence: 1,
    bids: [{ price: '59990', quantity: '1' }],
    asks: [
      { price: '60000', quantity: '0.01' },
      { price: '61000', quantity: '1' },
    ],
  }),
}

const values: TicketValues = {
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: '60000',
  stopPrice: '',
  quantity: '0.01',
}

const check = (change: Partial<TicketValues>, where: Partial<TicketWorld> = {}) =>
  checkTicket({ ...values, ...change }, { ...world, ...where })

describe('an order ticket', () => {
  it('becomes an order when everything fits', () => {
    expect(check({})).toEqual({
      errors: {},
      total: '600',
      order: { price: '60000', stopPrice: null, quantity: '0.01', timeInForce: 'GTC' },
    })
  })

  it('refuses prices between ticks and quantities between lots', () => {
    expect(check({ price: '60000.25' }).errors.price).toBe('The price goes in steps of 0.5 EUR.')
    expect(check({ quantity: '0.00005' }).errors.quantity).toBe('The quantity goes in steps of 0.0001 BTC.')
  })

  it('refuses nothing, zero and what is no number', () => {
    expect(check({ quantity: '' })).toMatchObject({ errors: {}, order: undefined })
    expect(check({ quantity: '0' }).errors.quantity).toMatch(/above zero/)
    expect(check({ quantity: '1,000.5' }).errors.quantity).toMatch(/plain number/)
  })

  it('refuses to spend more than there is', () => {
    expect(check({ quantity: '0.0501' }).errors.quantity).toBe('You do not have enough EUR for this.')
    expect(check({ side: 'SELL', quantity: '0.2501' }).errors.quantity).toBe('You do not have that much BTC.')
    expect(check({ side: 'SELL', quantity: '0.25' }).errors).toEqual({})
  })

  it('asks nobody for money before the sign-in', () => {
    expect(check({ quantity: '5' }, { available: null }).errors).toEqual({})
  })

  it('reckons a market order by the levels that it would take', () => {
    expect(check({ type: 'MARKET', price: 'ignored', quantity: '0.02' })).toEqual({
      errors: {},
      total: '1210',
      order: { price: null, stopPrice: null, quantity: '0.02', timeInForce: 'IOC' },
    })
  })

  it('needs a stop price for a stop order, and takes a limit with it or not', () => {
    expect(check({ type: 'STOP', price: '', stopPrice: '' }).order).toBeUndefined()
    expect(check({ type: 'STOP', price: '', stopPrice: '61000' }).order).toMatchObject({
      price: null,
      stopPrice: '61000',
    })
    expect(check({ type: 'STOP', price: '61500', stopPrice: '61000' }).order).toMatchObject({ price: '61500' })
  })
})

describe('the buttons for a part of the balance', () => {
  it('take whole lots and never more than there is', () => {
    expect(quantityFor(100, values, world)).toBe('0.05')
    expect(quantityFor(50, { ...values, price: '61234.5' }, world)).toBe('0.0244')
    expect(quantityFor(25, { ...values, side: 'SELL' }, world)).toBe('0.0625')
  })

  it('leave room for the deeper levels that a market order takes', () => {
    const quantity = quantityFor(100, { ...values, type: 'MARKET' }, world) ?? ''
    expect(check({ type: 'MARKET', quantity }).errors).toEqual({})
    expect(Number(quantity)).toBeGreaterThan(0.049)
  })

  it('wait for a price', () => {
    expect(quantityFor(50, { ...values, price: '' }, world)).toBeUndefined()
  })
})
