import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dateTime, flag, integer, jid, maybe, millis, text } from './fields.ts'

const REFUSED = Symbol('refused')
const read = (schema: z.ZodType, value: unknown) => {
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : REFUSED
}

describe('fields', () => {
  it.each([
    [integer, 5, 5],
    [integer, ' 5 ', 5],
    [integer, '58224349', 58_224_349],
    [integer, 'five', REFUSED],
    [integer, 5.5, REFUSED],
    [integer, null, REFUSED],
    [integer, '1'.repeat(40), REFUSED],
    [text, 'a', 'a'],
    [text, 7, '7'],
    [text, '  ', REFUSED],
    [flag, true, true],
    [flag, 1, true],
    [flag, '0', false],
    [flag, 'maybe', REFUSED],
    [jid, '15550001111', '15550001111@s.whatsapp.net'],
    [jid, '+15550001111', '15550001111@s.whatsapp.net'],
    [jid, 15_550_001_111, '15550001111@s.whatsapp.net'],
    [jid, '15550002222:12@s.whatsapp.net', '15550002222@s.whatsapp.net'],
    [jid, '189975000000001@lid', '189975000000001@lid'],
    [jid, '120363000000000001@g.us', '120363000000000001@g.us'],
    [jid, 'something@new', 'something@new'],
    [millis, '1784402765', 1_784_402_765_000],
    [dateTime, '2026-07-18 19:26:06', Date.UTC(2026, 6, 18, 19, 26, 6)],
    [dateTime, '2026-07-18T19:26:06Z', Date.UTC(2026, 6, 18, 19, 26, 6)],
    [dateTime, '2026-07-18T21:26:06+02:00', Date.UTC(2026, 6, 18, 19, 26, 6)],
    [dateTime, '2026-07-18T19:26:06.000000Z', Date.UTC(2026, 6, 18, 19, 26, 6)],
    [dateTime, 'yesterday', REFUSED],
  ])('%# reads %j as %j', (schema, value, expected) => {
    expect(read(schema, value)).toBe(expected)
  })

  it('maybe never costs the whole answer', () => {
    const schema = z.looseObject({
      id: integer,
      size: maybe(integer),
      on: maybe(flag),
      at: maybe(dateTime),
    })
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (size, on, at) => {
        expect(schema.safeParse({ id: 1, size, on, at }).success).toBe(true)
      }),
    )
    expect(schema.parse({ id: 1 })).toEqual({ id: 1 })
  })
})
