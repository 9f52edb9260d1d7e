import { setTimeout as wait } from 'node:timers/promises'

const FIRST_MS = 100
const MAX_MS = 10_000

/** Waits before the next attempt to start something, or less when it is to be stopped meanwhile. */
export async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  const ms = Math.min(FIRST_MS * 2 ** attempt, MAX_MS)
  await wait(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
