import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { deferred } from '../relational/deferred.ts'
import type { Events, HandlerTransaction, PublishedEvent, PublishTransaction } from './types.ts'

/** One fresh store of events, and ways to use it from outside the bus. */
export type EventsUnderTest = {
  /** Another process's view of the same bus: three attempts, short delays. */
  open(): Promise<Events>
  /** Runs in a transaction of its own and commits, or undoes everything when the function throws. */
  transaction(work: (transaction: PublishTransaction) => Promise<void>): Promise<void>
  /** Writes a line through a handler's transaction. */
  note(transaction: HandlerTransaction, line: string): Promise<void>
  /** The lines that were committed, in the order of their writing. */
  notes(): Promise<string[]>
  close(): Promise<void>
}

/** What every event bus must do, whatever carries the events. */
export function eventsConformance(name: string, create: () => Promise<EventsUnderTest>): void {
  describe(`${name}: events`, () => {
    let store: EventsUnderTest
    let bus: Events
    let opened: Events[]

    beforeEach(async () => {
      store = await create()
      opened = []
      bus = await open()
    })

    afterEach(async () => {
      await Promise.all(opened.map((events) => events.close()))
      await store.close()
    })

    async function open(): Promise<Events> {
      const events = await store.open()
      opened.push(events)
      return events
    }

    const publish = (key: string, text: string, type = 'note.written') =>
      store.transaction(async (transaction) => void (await bus.publish(transaction, { type, key, payload: { text } })))

    const textOf = (event: PublishedEvent) => (event.payload as { text: string }).text

    const noteAll = (events: Events, group: string, types = ['note.written']) =>
      events.subscribe({
        group,
        types,
        handle: (event, transaction) => store.note(transaction, `${group} ${event.key} ${textOf(event)}`),
      })

    test('an event reaches every group once, with all that was published', async () => {
      const seen: PublishedEvent[] = []
      bus.subscribe({
        group: 'one',
        types: ['note.written'],
        handle: async (event) => void seen.push(event),
      })
      noteAll(bus, 'two')
      const payload = { text: 'hello', big: '9007199254740993', list: [1, null, { deep: true }], ключ: 'значение' }
      let id = ''
      await store.transaction(async (transaction) => {
        id = await bus.publish(transaction, { type: 'note.written', key: 'a', payload })
      })
      await bus.settled()
      expect(seen).toMatchObject([{ id, type: 'note.written', key: 'a', payload }])
      expect(seen[0]?.publishedAt).toBeInstanceOf(Date)
      expect(await store.notes()).toEqual(['two a hello'])
    })

    test('events published before the group first subscribed reach it too', async () => {
      await publish('a', 'early')
      noteAll(bus, 'group')
      await bus.settled()
      expect(await store.notes()).toEqual(['group a early'])
    })

    test('a group gets only the types that it asked for', async () => {
      noteAll(bus, 'group', ['note.written', 'note.erased'])
      await publish('a', 'first')
      await publish('a', 'other', 'unrelated')
      await publish('a', 'second', 'note.erased')
      await bus.settled()
      expect(await store.notes()).toEqual(['group a first', 'group a second'])
    })

    test('an event of a transaction that did not commit never arrives', async () => {
      noteAll(bus, 'group')
      const undone = store.transaction(async (transaction) => {
        await bus.publish(transaction, { type: 'note.written', key: 'a', payload: { text: 'undone' } })
        throw new Error('changed my mind')
      })
      await expect(undone).rejects.toThrow('changed my mind')
      await publish('a', 'kept')
      await bus.settled()
      expect(await store.notes()).toEqual(['group a kept'])
    })

    test('a transaction that commits late loses its place to nobody and its events to nothing', async () => {
      noteAll(bus, 'group')
      const published = deferred<void>()
      const mayCommit = deferred<void>()
      const late = store.transaction(async (transaction) => {
        await bus.publish(transaction, { type: 'note.written', key: 'late', payload: { text: 'one' } })
        published.resolve()
        await mayCommit.promise
      })
      await published.promise
      await publish('quick', 'two')
      mayCommit.resolve()
      await late
      await bus.settled()
      expect((await store.notes()).toSorted()).toEqual(['group late one', 'group quick two'])
    })

    test('who published a key later is handled later, though its transaction had begun before', async () => {
      noteAll(bus, 'group')
      const write = (transaction: PublishTransaction, key: string, text: string) =>
        bus.publish(transaction, { type: 'note.written', key, payload: { text } })
      const mayGoOn = deferred<void>()
      const mayEnd = deferred<void>()
      const begun = [deferred<void>(), deferred<void>()] as const
      const early = store.transaction(async (transaction) => {
        await write(transaction, 'other', 'early')
        begun[0].resolve()
        await mayGoOn.promise
        await write(transaction, 'a', 'second')
      })
      await begun[0].promise
      // Begun between the two, it keeps the one that began last from being read, but not the one that began first.
      const bystander = store.transaction(async (transaction) => {
        await write(transaction, 'other', 'bystander')
        begun[1].resolve()
        await mayEnd.promise
      })
      await begun[1].promise
      await publish('a', 'first')
      mayGoOn.resolve()
      await early
      await expect.poll(() => store.notes()).toContain('group other early')
      mayEnd.resolve()
      await bystander
      await bus.settled()
      const ofKey = (await store.notes()).filter((line) => line.startsWith('group a '))
      expect(ofKey).toEqual(['group a first', 'group a second'])
    })

    test('events of one key are handled in the order of their commits, however many are written at once', async () => {
      noteAll(bus, 'group')
      const keys = ['a', 'b', 'c', 'd', 'e']
      await Promise.all(
        keys.map(async (key) => {
          for (let step = 1; step <= 20; step += 1) await publish(key, String(step))
        }),
      )
      await bus.settled()
      const notes = await store.notes()
      expect(notes).toHaveLength(100)
      for (const key of keys) {
        const steps = notes.filter((line) => line.startsWith(`group ${key} `)).map((line) => line.split(' ')[2])
        expect(steps).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)))
      }
    })

    test('a handler that fails is tried again, and what it had written is undone', async () => {
      let runs = 0
      bus.subscribe({
        group: 'group',
        types: ['note.written'],
        handle: async (event, transaction) => {
          runs += 1
          await store.note(transaction, textOf(event))
          if (runs === 1) throw new Error('not today')
        },
      })
      await publish('a', 'hello')
      await bus.settled()
      expect(await store.notes()).toEqual(['hello'])
      expect(runs).toBe(2)
    })

    test('an event that always fails goes to the dead letters, and holds up no other key and not its own for ever', async () => {
      bus.subscribe({
        group: 'group',
        types: ['note.written'],
        handle: async (event, transaction) => {
          if (textOf(event) === 'poison') throw new Error('cannot swallow that')
          await store.note(transaction, `${event.key} ${textOf(event)}`)
        },
      })
      await publish('a', 'poison')
      await publish('a', 'after')
      await publish('b', 'other')
      await bus.settled()
      expect(await store.notes()).toEqual(['b other', 'a after'])
      expect(await bus.deadLetters('group')).toMatchObject([
        { event: { key: 'a', payload: { text: 'poison' } }, error: 'Error: cannot swallow that', attempts: 3 },
      ])
    })

    test('a failure of one key among very many events costs none of them', async () => {
      let tries = 0
      await publish('sick', 'first')
      await store.transaction(async (transaction) => {
        for (let index = 0; index < 150; index += 1) {
          await bus.publish(transaction, { type: 'note.written', key: `key-${index % 7}`, payload: { text: 'well' } })
        }
      })
      await publish('b', 'last')
      bus.subscribe({
        group: 'group',
        types: ['note.written'],
        handle: async (event, transaction) => {
          if (event.key === 'sick' && (tries += 1) === 1) throw new Error('not yet')
          await store.note(transaction, textOf(event))
        },
      })
      await bus.settled()
      const notes = await store.notes()
      expect(notes).toHaveLength(152)
      expect(notes).toContain('first')
      expect(await bus.deadLetters('group')).toEqual([])
    })

    test('what a handler publishes commits with it and is handled in turn', async () => {
      bus.subscribe({
        group: 'echo',
        types: ['note.written'],
        handle: async (event, transaction) => {
          await bus.publish(transaction, {
            type: 'note.echoed',
            key: event.key,
            payload: { text: `${textOf(event)}!` },
          })
        },
      })
      noteAll(bus, 'group', ['note.echoed'])
      await publish('a', 'hello')
      await bus.settled()
      expect(await store.notes()).toEqual(['group a hello!'])
    })

    test('two processes of one group handle each event once, and one goes on when the other stops', async () => {
      const other = await open()
      const first = noteAll(bus, 'group')
      noteAll(other, 'group')
      await Promise.all(Array.from({ length: 10 }, (_, index) => publish(`key-${index}`, 'before')))
      await bus.settled()
      await first.stop()
      await Promise.all(Array.from({ length: 10 }, (_, index) => publish(`key-${index}`, 'after')))
      await other.settled()
      const notes = await store.notes()
      expect(notes).toHaveLength(20)
      expect(new Set(notes).size).toBe(20)
    })

    test('a group goes on where it stopped', async () => {
      const subscription = noteAll(bus, 'group')
      await publish('a', 'one')
      await bus.settled()
      await subscription.stop()
      await publish('a', 'two')
      noteAll(bus, 'group')
      await bus.settled()
      expect(await store.notes()).toEqual(['group a one', 'group a two'])
    })

    test('stopping waits for the running handler and begins no other', async () => {
      const begun = deferred<void>()
      const mayEnd = deferred<void>()
      const subscription = bus.subscribe({
        group: 'group',
        types: ['note.written'],
        handle: async (event, transaction) => {
          begun.resolve()
          await mayEnd.promise
          await store.note(transaction, textOf(event))
        },
      })
      await publish('a', 'one')
      await publish('a', 'two')
      await begun.promise
      const stopped = subscription.stop()
      mayEnd.resolve()
      await stopped
      expect(await store.notes()).toEqual(['one'])
    })

    test('one bus takes a group once', () => {
      noteAll(bus, 'group')
      expect(() => noteAll(bus, 'group')).toThrow('subscribed here already')
    })

    test('settling says which group did not come to an end', async () => {
      const mayEnd = deferred<void>()
      bus.subscribe({ group: 'slow', types: ['note.written'], handle: () => mayEnd.promise })
      await publish('a', 'hello')
      await expect(bus.settled({ timeoutMilliseconds: 50 })).rejects.toThrow('unhandled by: slow')
      mayEnd.resolve()
    })
  })
}
