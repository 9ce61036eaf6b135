import { describe, expect, it } from 'vitest'
import { signIn } from './client.ts'
import type { System } from './system.ts'

const everything = `{
  me { handle accounts(first: 1) { edges { node { currency } } } orders(first: 1) { edges { node { id } } } }
  instruments(first: 1) { edges { node { symbol } } }
  discover(first: 1) { edges { node { id } } }
}`

/** What happens to the rest when a service is dead, frozen, or killed. Needs a process for each service. */
export const describeNeighbours = (running: () => System): void => {
  describe('when a service is lost', () => {
    it('costs only the fields of that service, with an error that names it, until it is back', async () => {
      const system = running()
      const ada = await signIn(system, 'ada')
      const process_ = system.stack.processes.find(({ name }) => name === 'sociai')
      const pid = process_?.pid()
      if (!process_ || pid === undefined) throw new Error('sociai does not run in a process of its own.')
      const back = process_.replaced()
      process.kill(pid, 'SIGKILL')
      const during = await ada.ask(everything)
      expect(during.data).toMatchObject({
        me: { handle: 'ada', accounts: { edges: [{}] } },
        instruments: { edges: [{}] },
        discover: null,
      })
      expect(during.codes).toEqual(['SUBGRAPH_UNAVAILABLE'])
      expect(during.errors[0]?.path).toEqual(['discover'])
      await back
      await expect.poll(async () => (await ada.ask(everything)).errors, { timeout: 15_000 }).toEqual([])
    })

    it('keeps what was answered when services are killed', async () => {
      const system = running()
      const bob = await signIn(system, 'bob')
      const post = await bob.ask('mutation { post(input: { text: "Before the crash." }) { id } }')
      const { id } = post.data.post as { id: string }
      const sociai = system.stack.processes.find(({ name }) => name === 'sociai')
      const back = sociai?.replaced()
      process.kill(sociai?.pid() ?? 0, 'SIGKILL')
      await back
      await expect
        .poll(async () => (await bob.ask('query ($id: ID!) { postById(id: $id) { text } }', { id })).data, {
          timeout: 15_000,
        })
        .toEqual({ postById: { text: 'Before the crash.' } })
    })
  })
}
