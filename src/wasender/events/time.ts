/** Below this a number counts seconds: 1e12 ms is the year 2001 (docs/platforms/wasender.md#envelope). */
const SECONDS_BELOW = 1e12

/** No message is from after the year 5138: such a number counts something else. */
const NONSENSE_FROM = 1e14

const NUMBER = /^\d+(?:\.\d+)?$/
const ISO_DATE = /^\d{4}-\d{2}-\d{2}T/

/**
 * Milliseconds since 1970 from any spelling of a time: seconds, milliseconds, a string of either, an ISO
 * date, or protobuf's `{ low, high }`. `undefined` when it is none of these, or zero.
 */
export function toMillis(value: unknown): number | undefined {
  const number = toNumber(value)
  if (number === undefined || !(number > 0) || number >= NONSENSE_FROM) return undefined
  return Math.round(number < SECONDS_BELOW ? number * 1000 : number)
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return fromText(value.trim())
  return fromLong(value)
}

function fromText(value: string): number | undefined {
  if (NUMBER.test(value)) return Number(value)
  return ISO_DATE.test(value) ? Date.parse(value) : undefined
}

/** A 64-bit integer in two halves; `low` is written as a signed number. */
function fromLong(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { low, high } = value as { low?: unknown; high?: unknown }
  if (typeof low !== 'number' || typeof high !== 'number') return undefined
  return high * 2 ** 32 + (low >>> 0)
}
