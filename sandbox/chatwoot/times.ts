import type { Clock } from '../../src/kernel/clock.ts'

/** Whole seconds since 1970; 0 for never, as Chatwoot writes it. */
export const unix = (ms: number | null): number => (ms === null ? 0 : Math.floor(ms / 1000))

/** Seconds since 1970 with their fraction. */
export const floatSeconds = (ms: number): number => ms / 1000

/** ISO-8601 with milliseconds, or null. */
export const iso = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString()

/** A later `updated_at`: Chatwoot counts microseconds, so two saves never share one. */
export const nextStamp = (clock: Clock, previous: number): number =>
  Math.max(clock.now(), previous + 1)
