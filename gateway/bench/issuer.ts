import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'

/** An issuer of tokens: its address, its keys, and as many signed-in users as are asked for. */
export type Issuer = {
  readonly url: string
  /** Tokens of so many users, no two alike. */
  readonly tokens: (count: number) => Promise<readonly string[]>
  readonly stop: () => void
}

export const startIssuer = async (): Promise<Issuer> => {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA')
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'EdDSA', use: 'sig', kid: 'bench' }] })
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(keys)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let users = 0

  const sign = (): Promise<string> => {
    users += 1
    return new SignJWT({ sub: `user-${users}` })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'bench' })
      .setIssuer(url)
      .setAudience('codai')
      .setExpirationTime('2h')
      .sign(privateKey)
  }

  return { url, tokens: (count) => Promise.all(Array.from({ length: count }, sign)), stop: () => server.close() }
}
