import { z } from 'zod'
import type { Jid } from '../../kernel/ids.ts'
import { type Api, acknowledged, orUndefined, path } from './api/api.ts'
import { type Page, type PageQuery, pageOf } from './api/envelope.ts'
import { flag, jid, maybe, text, toJid } from './api/fields.ts'

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
const contactRow = facts.transform((raw, context) => {
  const address = raw.jid ?? raw.id
  if (address !== undefined) return toContact(raw, address)
  context.addIssue('neither jid nor id')
  return z.NEVER
})

/** The contact that was asked for by `address`. */
function contactAt(address: Jid): z.ZodType<WhatsappContact> {
  return facts.transform((raw) => toContact(raw, raw.jid ?? raw.id ?? address))
}

const contactPage = pageOf(contactRow)
const picture = z.looseObject({ imgUrl: maybe(text) }).transform((found) => found.imgUrl)
const exists = z.looseObject({ exists: flag }).transform((found) => found.exists)
const username = z.looseObject({ username: maybe(text) }).transform((found) => found.username)
const lidOf = z.looseObject({ lid: maybe(lid) }).transform((found) => found.lid)
const phoneOf = z.looseObject({ pn: maybe(jid) }).transform((found) => found.pn)

const get = { method: 'get', effect: 'repeatable' } as const
const post = { method: 'post', effect: 'repeatable' } as const

export type Contacts = ReturnType<typeof createContacts>

/**
 * People, by the session API key (docs/platforms/wasender.md#people-and-addresses). Look-ups of what is not known are
 * `undefined`.
 */
export function createContacts({ api }: { api: Api }) {
  return {
    list: ({ page = 1, perPage = 100 }: PageQuery = {}): Promise<Page<WhatsappContact>> =>
      api(
        {
          ...get,
          operation: 'list-contacts',
          path: 'contacts',
          search: { paginated: true, page, limit: perPage },
        },
        contactPage,
      ),

    get: (phone: string): Promise<WhatsappContact | undefined> =>
      orUndefined(
        api(
          { ...get, operation: 'get-contact', path: path`contacts/${phone}` },
          contactAt(toJid(phone)),
        ),
      ),

    /** `undefined` also when the person hides it. The URL expires. */
    picture: (phone: string): Promise<string | undefined> =>
      orUndefined(
        api(
          { ...get, operation: 'contact-picture', path: path`contacts/${phone}/picture` },
          picture,
        ),
      ),

    block: (phone: string): Promise<void> =>
      api(
        { ...post, operation: 'block-contact', path: path`contacts/${phone}/block` },
        acknowledged,
      ),

    unblock: (phone: string): Promise<void> =>
      api(
        { ...post, operation: 'unblock-contact', path: path`contacts/${phone}/unblock` },
        acknowledged,
      ),

    /** Writes into the phone's address book. */
    save: (contact: {
      jid: string
      fullName?: string
      saveOnPrimaryAddressbook?: boolean
    }): Promise<void> =>
      api(
        {
          operation: 'save-contact',
          method: 'put',
          path: 'contacts',
          json: contact,
          effect: 'repeatable',
        },
        acknowledged,
      ),

    /** By phone, JID, LID or `@username`. */
    onWhatsapp: (id: string): Promise<boolean> =>
      api({ ...get, operation: 'on-whatsapp', path: path`on-whatsapp/${id}` }, exists),

    username: (id: string): Promise<string | undefined> =>
      orUndefined(
        api({ ...get, operation: 'fetch-username', path: path`fetch-username/${id}` }, username),
      ),

    lidFromPhone: (phone: string): Promise<Jid | undefined> =>
      orUndefined(
        api(
          { ...get, operation: 'lid-from-phone', path: path`lid-from-pn/${toJid(phone)}` },
          lidOf,
        ),
      ),

    phoneFromLid: (address: string): Promise<Jid | undefined> =>
      orUndefined(
        api(
          { ...get, operation: 'phone-from-lid', path: path`pn-from-lid/${lid.parse(address)}` },
          phoneOf,
        ),
      ),
  }
}
