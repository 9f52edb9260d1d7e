import { z } from 'zod'
import { toAck } from './ack.ts'
import { toMillis } from './time.ts'

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
