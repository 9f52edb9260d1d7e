import { z } from 'zod'

/** How far a message has come: 0 error, 1 pending, 2 sent, 3 delivered, 4 read, 5 played. */
export type Ack = 0 | 1 | 2 | 3 | 4 | 5

/** Numbers as the docs have them, names as the SDK's types do (docs/platforms/wasender.md#status-changes). */
const ACKS: ReadonlyMap<string, Ack> = new Map([
  ['0', 0],
  ['error', 0],
  ['failed', 0],
  ['1', 1],
  ['pending', 1],
  ['2', 2],
  ['sent', 2],
  ['server_ack', 2],
  ['3', 3],
  ['delivered', 3],
  ['delivery_ack', 3],
  ['4', 4],
  ['read', 4],
  ['5', 5],
  ['played', 5],
])

/** The status behind a number, a numeric string or a name in any case; `undefined` for anything else. */
export function toAck(value: unknown): Ack | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  return ACKS.get(String(value).trim().toLowerCase())
}

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

/**
 * Building blocks of the webhook schemas. A field that is missing, null or of another type reads as
 * `undefined`: one odd field must never cost the whole message.
 */

/** Any string, as it was sent. */
export const text = z.string().optional().catch(undefined)

/** A string that says something: trimmed, not empty. */
export const label = z.string().trim().min(1).optional().catch(undefined)

/** A JSON object, kept as it is. */
export const node = z.custom<JsonObject>(isObject).optional().catch(undefined)

/** `true`, `"true"`, `1` and their opposites. */
export const flag = z.unknown().optional().transform(toFlag)

/** A whole number that is not negative, or a string of one. */
export const count = z.unknown().optional().transform(toCount)

/** A time, in milliseconds since 1970. */
export const millis = z.unknown().optional().transform(toMillis)

/** A delivery status, 0 to 5. */
export const ack = z.unknown().optional().transform(toAck)

/** Whatever is there. */
export const anything = z.unknown().optional()

export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

/**
 * The entries of `data`, which may be a list, a single entry, or either of them below one of the `wrappers`
 * (docs/platforms/wasender.md#events: docs and production differ for most events).
 */
export function entriesOf(data: unknown, ...wrappers: string[]): unknown[] {
  return asList(data).flatMap((entry) => {
    const wrapper = isObject(entry) && wrappers.find((name) => Object.hasOwn(entry, name))
    return typeof wrapper === 'string' ? asList((entry as JsonObject)[wrapper]) : [entry]
  })
}

type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]: T[K] }
type Compact<T> = Omit<T, keyof Optional<T>> & {
  [K in keyof Optional<T>]?: Exclude<T[K & keyof T], undefined>
}

/** The same object without the fields that are `undefined`. */
export function compact<T extends object>(fields: T): Compact<T> {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(present) as Compact<T>
}

const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [1, true],
  [false, false],
  ['false', false],
  [0, false],
])

function toFlag(value: unknown): boolean | undefined {
  return FLAGS.get(value)
}

function toCount(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0
    ? number
    : undefined
}
