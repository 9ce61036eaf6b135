import { prettyFormatQueryPlan } from '@apollo/query-planner'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { connect, startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

let library: Library
let gateway: TestGateway

beforeAll(async () => {
  library = await startLibrary()
  gateway = await startTestGateway(sdl())
})

afterAll(async () => {
  await gateway.stop()
  await library.stop()
})

const sdl = (): string => compose([library.people, library.books, library.reviews])

const WANTED = { 'apollo-query-plan-experimental': '1' }
const SHELF = 'query Shelf { topBook { title stars } }'

const planOf = async (asked: TestGateway, headers: Record<string, string>, query = SHELF): Promise<unknown> => {
  const { data, extensions } = await asked.ask(query, { headers })
  expect(data).toBeDefined()
  return extensions?.['__queryPlanExperimental']
}

describe('the plan of an operation', () => {
  it('is shown beside the answer to who asks for it, as Sandbox does', async () => {
    const text = await planOf(gateway, WANTED)
    expect(text).toMatch(/^QueryPlan \{/)
    expect(text).toContain('Fetch(service: "reviews")')
    const plan = await planOf(gateway, { ...WANTED, 'apollo-query-plan-experimental-format': 'internal' })
    expect(prettyFormatQueryPlan(plan as Parameters<typeof prettyFormatQueryPlan>[0])).toBe(text)
  })

  it('is told to be empty where nothing has to be fetched', async () => {
    expect(await planOf(gateway, WANTED, '{ __typename }')).toBe(true)
  })

  it('is shown to nobody else, and to nobody where the schema is not shown', async () => {
    expect(await planOf(gateway, {})).toBeUndefined()
    const production = await startTestGateway(sdl(), { config: { nodeEnv: 'production' } })
    expect(await planOf(production, WANTED)).toBeUndefined()
    await production.stop()
  })

  it('is shown by the reference executor as well', async () => {
    const reference = await startTestGateway(sdl(), { config: { engine: 'reference' } })
    expect(await planOf(reference, WANTED)).toContain('Fetch(service: "reviews")')
    await reference.stop()
  })
})

describe('the id of a request', () => {
  it('is the same in the answer, in a masked error, in the log and at the subgraph', async () => {
    const { headers, errors } = await gateway.ask('{ explode }')
    const id = headers.get('x-request-id') ?? 'none'
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', requestId: id })
    expect(library.people.requests.at(-1)?.headers['x-request-id']).toBe(id)
    await gateway.untilLogged(`"requestId":"${id}"`)
  })

  it("is the client's own, unless that could be mistaken for something else", async () => {
    const given = async (id: string): Promise<string | null> =>
      (await gateway.ask(SHELF, { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    expect(await given('order-4711')).toBe('order-4711')
    expect(await given('{"level":50}')).not.toBe('{"level":50}')
  })
})

describe('metrics', () => {
  const metrics = async (): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text()
  const valueOf = (text: string, line: string): number => {
    const found = text.split('\n').find((one) => one.startsWith(line))
    return Number(found?.split(' ').at(-1) ?? 0)
  }

  it('tell how often an operation found its plan, and how long planning took', async () => {
    const lookups = (result: string): string => `codai_gateway_plan_lookups_total{result="${result}",service="gateway"}`
    const planned = 'codai_gateway_planning_duration_seconds_count{service="gateway",outcome="planned"}'
    const before = await metrics()
    const query = 'query Measured { books { title } }'
    await gateway.ask(query)
    await gateway.ask(query)
    const after = await metrics()
    expect(valueOf(after, lookups('miss')) - valueOf(before, lookups('miss'))).toBe(1)
    expect(valueOf(after, lookups('hit')) - valueOf(before, lookups('hit'))).toBe(1)
    expect(valueOf(after, planned) - valueOf(before, planned)).toBe(1)
  })

  it('tell how many events clients were sent', async () => {
    const sent = 'codai_gateway_events_sent_total{service="gateway"}'
    const before = valueOf(await metrics(), sent)
    const client = connect(gateway)
    const events = client.iterate({ query: 'subscription { bookRead { page } }' })
    const first = events.next()
    await library.untilReaders(1)
    library.read('b1', 7)
    await first
    expect(valueOf(await metrics(), sent) - before).toBe(1)
    await client.dispose()
    await library.untilReaders(0)
  })

  it('tell the time of operations by name, and of subgraphs', async () => {
    await gateway.ask(SHELF)
    const text = await metrics()
    expect(text).toContain('codai_gateway_operation_duration_seconds_count{service="gateway",operation="Shelf"')
    expect(text).toContain('codai_gateway_subgraph_request_duration_seconds_count{service="gateway",subgraph="books"')
  })
})
