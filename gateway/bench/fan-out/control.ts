import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the measuring process may ask of another one: a name with a number, answered by JSON. */
export type Command = (amount: number) => unknown

/** Takes commands over HTTP; resolves with the address. */
export const takeCommands = async (commands: Readonly<Record<string, Command>>): Promise<string> => {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const run = async (): Promise<unknown> => commands[pathname.slice(1)]?.(Number(searchParams.get('amount')))
    run().then(
      (value) => response.end(JSON.stringify(value ?? null)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Gives another process a command, and waits for what it answers. Throws what went wrong there. */
export const command = async <Value>(url: string, name: string, amount = 0): Promise<Value> => {
  const response = await fetch(`${url}/${name}?amount=${amount}`)
  if (!response.ok) throw new Error(`${name}: ${await response.text()}`)
  return (await response.json()) as Value
}
