import { createCancellation } from './cancellation.ts'
import type { Cancellation } from './cancellation.ts'

/** Work that is under way, by what it is about: who asks for the same meanwhile gets the same result. */
export type Flights<Value> = {
  /** Joins the work under a key, or starts it. The work's own cancellation comes when everybody who waits has left. */
  readonly join: (
    key: string,
    cancellation: Cancellation | undefined,
    start: (cancellation: Cancellation) => Promise<Value>,
  ) => Promise<Value>
}

type Flight<Value> = { readonly result: Promise<Value>; readonly cancel: () => void; waiting: number }

export const createFlights = <Value>(): Flights<Value> => {
  const flights = new Map<string, Flight<Value>>()

  const begin = (key: string, start: (cancellation: Cancellation) => Promise<Value>): Flight<Value> => {
    const { cancel, ...cancellation } = createCancellation()
    const flight = { result: start(cancellation), cancel, waiting: 0 }
    const land = (): void => {
      if (flights.get(key) === flight) flights.delete(key)
    }
    flight.result.then(land, land)
    flights.set(key, flight)
    return flight
  }

  return {
    join: (key, cancellation, start) => {
      const flight = flights.get(key) ?? begin(key, start)
      flight.waiting += 1
      const stay = cancellation?.onCancel(() => {
        flight.waiting -= 1
        if (flight.waiting > 0) return
        if (flights.get(key) === flight) flights.delete(key)
        flight.cancel()
      })
      if (stay) flight.result.then(stay, stay)
      return flight.result
    },
  }
}
