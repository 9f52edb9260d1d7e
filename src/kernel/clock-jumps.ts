import { type Clock, steadyClock } from './clock.ts'

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
