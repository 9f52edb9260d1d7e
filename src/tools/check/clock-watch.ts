import { type Clock, systemClock } from '../../kernel/clock.ts'

/** Compares this machine's clock with the `Date` header of every answer that passes by. */
export type ClockWatch = {
  /** To make requests with. */
  fetch: typeof globalThis.fetch
  /** Milliseconds by which this machine is ahead; `undefined` before the first answer. */
  aheadMs(): number | undefined
}

export function createClockWatch(
  clock: Clock = systemClock,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): ClockWatch {
  let ahead: number | undefined
  return {
    async fetch(input, init) {
      const started = clock.now()
      const response = await fetch(input, init)
      const date = Date.parse(response.headers.get('date') ?? '')
      // Whole seconds, cut off, and written somewhere between the question and the answer.
      if (!Number.isNaN(date)) ahead = (started + clock.now()) / 2 - (date + 500)
      return response
    },
    aheadMs: () => ahead,
  }
}
