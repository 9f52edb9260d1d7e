import { z } from 'zod'
import { asId, type Jid } from '../../../kernel/ids.ts'
import { toMillis } from '../events/fields.ts'
import { formatJid, parseAddress } from '../jid.ts'

/*
 * Fields as the gateway writes them. It is PHP in front of Node, so the same field comes as `5`, `"5"` or not at all,
 * depending on the route (docs/platforms/wasender.md#answers, #sending).
 */

/** An integer, also when it is written as a string. */
export const integer = z.union([
  z.int(),
  z
    .string()
    .trim()
    .regex(/^-?\d{1,15}$/)
    .transform(Number),
])

/** Text, also when a number was written instead. Not empty. */
export const text = z.union([
  z.string().refine((value) => value.trim() !== ''),
  z.number().transform(String),
])

/** A yes or no in any of the spellings of PHP and MySQL. */
export const flag = z.union([
  z.boolean(),
  z.literal([1, '1', 'true', 'yes']).transform(() => true),
  z.literal([0, '0', 'false', 'no', '']).transform(() => false),
])

/**
 * A field nobody depends on: absent, `null` and unreadable are all `undefined`, so that an odd
 * value in it never costs the whole answer.
 */
export function maybe<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined)
}

/**
 * A WhatsApp address; contact lists print phone numbers as bare digits
 * (docs/platforms/wasender.md#people-and-addresses).
 */
export const jid = text.transform(toJid)

/**
 * `15551234567` and `+15551234567` become an address, a device's becomes its owner's, others stay
 * as they are.
 */
export function toJid(written: string): Jid {
  const address = parseAddress(written)
  return address === undefined ? asId<Jid>(written.trim()) : formatJid(address)
}

/** A time in any spelling of the gateway's, as milliseconds since 1970. */
export const millis = z.unknown().transform(toMillis)

/**
 * `2026-07-18 19:26:06` (UTC presumed, docs/platforms/wasender.md#session-routes) or ISO 8601, as milliseconds since
 * 1970.
 */
export const dateTime = z.string().transform((written, context) => {
  const hasZone = /(z|[+-]\d{2}:?\d{2})$/i.test(written)
  const at = Date.parse(hasZone ? written : `${written.replace(' ', 'T')}Z`)
  if (!Number.isNaN(at)) return at
  context.addIssue('not a date')
  return z.NEVER
})
