/** The codes of JSON-RPC 2.0 and of EIP-1474 that the chain answers with. */
export const rpcErrorCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** The chain refuses what was asked. */
  rejected: -32000,
  /** The code of a contract ended with a revert, as Ethereum's own nodes have it. */
  reverted: 3,
} as const

/** A refusal as JSON-RPC has it. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}
