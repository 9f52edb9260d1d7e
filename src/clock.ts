/** Time as a collaborator, so that tests move 72 hours in milliseconds. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }
