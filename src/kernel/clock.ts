/** Time as a collaborator, so that tests move 72 hours in milliseconds. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** For spans within this process: it goes on evenly when somebody sets the clock. Not milliseconds since 1970. */
export const steadyClock: Clock = { now: () => performance.now() }

/**
 * Whether a moment has come that was set `mostMs` ahead at most. If it lies further ahead, the clock was ahead as it was set
 * and was put right since: waiting for it could take for ever.
 */
export function hasCome(at: number, now: number, mostMs: number): boolean {
  return now >= at || at - now > mostMs
}
