import { z } from 'zod'
import { readAddresses } from './addresses.ts'
import type { ContactsEvent } from './chat-types.ts'
import { anything, compact, entriesOf, isObject, label } from './fields.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

const contactSchema = z.object({
  name: label,
  notify: label,
  verifiedName: label,
  status: label,
  imgUrl: anything,
})

/**
 * `contacts.upsert` and `contacts.update`, under `jid`, `id` or `lid`
 * (docs/platforms/wasender.md#chats-contacts-and-groups).
 */
export const readContacts =
  (action: ContactsEvent['action']): ReadEvent =>
  (data, event) =>
    entriesOf(data, 'contacts').map((entry) => contactEvent(entry, action, event))

function contactEvent(
  entry: unknown,
  action: ContactsEvent['action'],
  event: string,
): WasenderEvent {
  const contact = readAddresses(entry)
  if (contact === undefined) return unknownEvent(event, 'contact without an address')
  const { name, notify, verifiedName, status, imgUrl } = contactSchema.parse(
    isObject(entry) ? entry : {},
  )
  const picture = readPicture(imgUrl)
  return {
    type: 'contacts',
    action,
    contact,
    ...compact({ name, notify, verifiedName, about: status, picture }),
  }
}

/** A URL, or only the news that there is another picture or none. */
function readPicture(imgUrl: unknown): ContactsEvent['picture'] {
  if (imgUrl === null || imgUrl === 'removed') return { kind: 'removed' }
  if (imgUrl === 'changed') return { kind: 'changed' }
  if (typeof imgUrl !== 'string' || !URL.canParse(imgUrl)) return undefined
  return { kind: 'url', url: imgUrl }
}
