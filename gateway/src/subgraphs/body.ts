/** A body that is larger than it may be. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

type Body = AsyncIterable<Uint8Array> & { readonly text: () => Promise<string>; readonly destroy: () => unknown }

/** Reads a body as text. Throws `BodyTooLarge` as soon as it is known to have more than `limit` bytes. */
export const readBody = async (body: Body, contentLength: string | undefined, limit: number): Promise<string> => {
  const declared = contentLength === undefined ? undefined : Number(contentLength)
  if (declared !== undefined && declared <= limit) return body.text()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if ((declared ?? size) > limit || size > limit) {
      body.destroy()
      throw new BodyTooLarge(`more than ${limit} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
