/** Work that is under way, by what it is about: who asks for the same meanwhile gets the same result. */
export type Flights<Value> = {
  /** Joins the work under a key, or starts it. The work's own signal aborts when everybody who waits has left. */
  readonly join: (
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<Value>,
  ) => Promise<Value>
}

type Flight<Value> = { readonly result: Promise<Value>; readonly abort: () => void; waiting: number }

export const createFlights = <Value>(): Flights<Value> => {
  const flights = new Map<string, Flight<Value>>()

  const begin = (key: string, start: (signal: AbortSignal) => Promise<Value>): Flight<Value> => {
    const aborted = new AbortController()
    const flight = { result: start(aborted.signal), abort: () => aborted.abort(), waiting: 0 }
    const land = (): void => {
      if (flights.get(key) === flight) flights.delete(key)
    }
    flight.result.then(land, land)
    flights.set(key, flight)
    return flight
  }

  return {
    join: (key, signal, start) => {
      const flight = flights.get(key) ?? begin(key, start)
      flight.waiting += 1
      const leave = (): void => {
        flight.waiting -= 1
        if (flight.waiting > 0) return
        if (flights.get(key) === flight) flights.delete(key)
        flight.abort()
      }
      if (signal?.aborted) leave()
      else if (signal) {
        signal.addEventListener('abort', leave, { once: true })
        const stay = (): void => signal.removeEventListener('abort', leave)
        flight.result.then(stay, stay)
      }
      return flight.result
    },
  }
}
