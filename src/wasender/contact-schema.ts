import { z } from 'zod'
import type { Jid } from '../ids.ts'
import { jid, maybe, text, toJid } from './api/fields.ts'

/** A contact as the phone's address book and WhatsApp know it (docs/platforms/wasender.md#people-and-addresses). */
export type WhatsappContact = {
  jid: Jid
  lid: Jid | undefined
  /** From the address book. */
  name: string | undefined
  /** The person's own choice. */
  notify: string | undefined
  /** Of a business account. */
  verifiedName: string | undefined
  /** On WhatsApp's CDN; it expires. */
  imgUrl: string | undefined
  /** The "about" line. */
  about: string | undefined
}

/** A privacy identity; bare digits are one here, not a phone number. */
export const lid = text.transform((written) =>
  toJid(/^\s*\d+\s*$/.test(written) ? `${written.trim()}@lid` : written),
)

const facts = z.looseObject({
  jid: maybe(jid),
  id: maybe(jid),
  lid: maybe(lid),
  name: maybe(text),
  notify: maybe(text),
  verifiedName: maybe(text),
  imgUrl: maybe(text),
  status: maybe(text),
})

function toContact(raw: z.output<typeof facts>, address: Jid): WhatsappContact {
  const { name, notify, verifiedName, imgUrl, status } = raw
  return { jid: address, lid: raw.lid, name, notify, verifiedName, imgUrl, about: status }
}

/** A row of the list. */
export const contactRow = facts.transform((raw, context) => {
  const address = raw.jid ?? raw.id
  if (address !== undefined) return toContact(raw, address)
  context.addIssue('neither jid nor id')
  return z.NEVER
})

/** The contact that was asked for by `address`. */
export function contactAt(address: Jid): z.ZodType<WhatsappContact> {
  return facts.transform((raw) => toContact(raw, raw.jid ?? raw.id ?? address))
}
