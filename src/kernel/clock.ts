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

/** Less is how clocks are put right all the time. */
const JUMP_MS = 60_000
const LOOK_MS = 5_000

/** Looks now and then whether somebody has set the clock. */
export type ClockWatch = {
  look(): void
  start(): void
  close(): void
}

/**
 * Notices that somebody has set the clock, or that the machine slept. `onJump` hears by how many ms it went ahead, negative
 * when it was set back.
 */
export function watchClock(
  clock: Clock,
  onJump: (ms: number) => void,
  { steady = steadyClock, everyMs = LOOK_MS } = {},
): ClockWatch {
  const ahead = () => clock.now() - steady.now()
  let before = ahead()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const jumped = ahead() - before
    if (Math.abs(jumped) < JUMP_MS) return
    before += jumped
    onJump(jumped)
  }

  return {
    look,
    start() {
      timer = setInterval(look, everyMs)
      timer.unref()
    },
    close: () => clearInterval(timer),
  }
}
