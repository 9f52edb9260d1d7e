import { z } from 'zod'
import type { Jid } from '../ids.ts'
import { acknowledged } from './api/acknowledged.ts'
import type { Api } from './api/api.ts'
import { flag, jid, maybe, text, toJid } from './api/fields.ts'
import { orUndefined } from './api/lookup.ts'
import { type Page, type PageQuery, pageOf } from './api/page.ts'
import { path } from './api/path.ts'
import { contactAt, contactRow, lid, type WhatsappContact } from './contact-schema.ts'

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
