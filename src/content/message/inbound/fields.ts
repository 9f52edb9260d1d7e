import { z } from 'zod'
import { label } from '../../../platforms/wasender/events/fields.ts'
import { isNode, type MessageNode } from './unwrap.ts'

/*
 * Building blocks of the schemas of message nodes, on top of those of the events. A field that is missing or of
 * another type reads as `undefined`: one odd field must never cost the whole message.
 */

/**
 * A number, a string of one, or protobuf's 64-bit integer in two halves (docs/platforms/wasender.md#kinds-of-message).
 */
export const number = z.unknown().optional().transform(toNumber)

/** A size or a duration: a whole number that is not negative. */
export const size = z
  .unknown()
  .optional()
  .transform((value) => {
    const found = toNumber(value)
    return found !== undefined && Number.isSafeInteger(found) && found >= 0 ? found : undefined
  })

/** Bytes in any of their spellings: base64, a serialized Buffer, an array or an object of numbers. */
export const bytes = z
  .unknown()
  .optional()
  .transform((value) => (hasBytes(value) ? value : undefined))

/** A list, or the only entry of one. */
export const list = z
  .unknown()
  .optional()
  .transform((value): unknown[] => {
    if (Array.isArray(value)) return value
    return value == null ? [] : [value]
  })

/** A key of another message; only its id is needed to point at it. */
export const keyId = z
  .object({ id: label })
  .optional()
  .catch(undefined)
  .transform((key) => key?.id)

/** Reads a node by a schema of tolerant fields. Anything that is no object reads as an empty one. */
export function readNode<Schema extends z.ZodType>(
  schema: Schema,
  node: unknown,
): z.output<Schema> {
  return schema.parse(isNode(node) ? node : ({} satisfies MessageNode))
}

const DECIMAL = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i

function toNumber(value: unknown): number | undefined {
  const found =
    typeof value === 'string' ? fromText(value) : isNode(value) ? fromLong(value) : value
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

function fromText(value: string): number | undefined {
  const written = value.trim()
  return DECIMAL.test(written) ? Number(written) : undefined
}

/** `low` is written as a signed number. */
function fromLong({ low, high }: MessageNode): number | undefined {
  if (typeof low !== 'number' || typeof high !== 'number') return undefined
  return high * 2 ** 32 + (low >>> 0)
}

function hasBytes(value: unknown): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0
  if (!isNode(value)) return false
  return 'data' in value ? hasBytes(value.data) : Object.keys(value).length > 0
}
