import { formatEther, getAddress, isAddress, parseEther } from 'viem'
import type { Address } from 'viem'
import { badInput, currencyDecimals } from '../_kit/index.ts'
import type { Money } from '../_kit/index.ts'

// As many digits as an amount of the chain can have, and no more: 2^256 wei.
const mostWei = 2n ** 256n - 1n

/** Wei as money, exactly: with the decimals of the currency, and with more where the chain counts finer than the ledger. */
export const coinsOf = (wei: bigint): Money => {
  const [whole = '0', fraction = ''] = formatEther(wei).split('.')
  return { amount: `${whole}.${fraction.padEnd(currencyDecimals.ETH, '0')}`, currency: 'ETH' }
}

/** An amount of coins above zero, in wei. */
export const requireWei = (amount: string): bigint => {
  const wei = parseEther(amount)
  if (wei <= 0n) throw badInput('The amount has to be above zero.', { field: 'amount' })
  if (wei > mostWei) throw badInput(`${amount} is too large an amount.`, { field: 'amount' })
  return wei
}

/**
 * An address of the chain, with its checksum. As EIP-55 has it, one without a capital or without a small letter has no
 * checksum; BAD_USER_INPUT for one in mixed case whose checksum is wrong: somebody mistyped it.
 */
export const requireAddress = (text: string): Address => {
  if (!isAddress(text, { strict: false })) {
    throw badInput('An address is 0x and 40 hexadecimal digits.', { field: 'to' })
  }
  const digits = text.slice(2)
  const hasChecksum = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
  if (hasChecksum && !isAddress(text)) {
    throw badInput('The checksum of the address is wrong: one of its characters is not what it was.', { field: 'to' })
  }
  return getAddress(text)
}
