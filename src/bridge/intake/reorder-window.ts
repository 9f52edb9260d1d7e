import type { Clock } from '../../kernel/clock.ts'

/**
 * How long something from WhatsApp waits for what was written before it and may still come: webhooks overtake each other, and
 * what is in Chatwoot cannot be moved. Those that wait together are sorted by WhatsApp's second, then by arrival.
 */
export type ReorderWindow = {
  /** In ms from now. `at`: WhatsApp's own time, ms since 1970. */
  waitFor(at: number): number
  /** The bridge takes webhooks from now on. `isFirst`: it has never run before, so it has missed none. */
  begin(start?: { isFirst: boolean }): void
}

/** A message is live when WhatsApp's stamp, in whole seconds, is no older than this. */
const LIVE_MS = 2_000
/**
 * How long a live message waits. Hardly noticed, and enough for webhooks that were sent together: of a burst the newest is
 * live and may come first, while the others are late.
 */
export const LIVE_WAIT_MS = 150
/**
 * How long a late message waits. It was held up somewhere, and so were its neighbours. Short, because everything looks
 * late where the clocks of both sides differ.
 */
export const LATE_WAIT_MS = 1_000
/**
 * The gateway repeats what nobody took after 1 to 3 s, each message by itself (docs/platforms/wasender.md#webhooks). So
 * long after a start, messages that are older than the start wait for the others.
 */
export const REPEATS_MS = 3_000

export function createReorderWindow({ clock }: { clock: Clock }): ReorderWindow {
  let since = Number.POSITIVE_INFINITY

  return {
    waitFor(at) {
      const now = clock.now()
      const wait = Math.abs(now - at) <= LIVE_MS ? LIVE_WAIT_MS : LATE_WAIT_MS
      if (at >= since) return wait
      return Math.max(wait, Math.min(since, now) + REPEATS_MS - now)
    },
    begin({ isFirst } = { isFirst: false }) {
      since = isFirst ? Number.NEGATIVE_INFINITY : clock.now()
    },
  }
}
