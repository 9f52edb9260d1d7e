import { contactInboxesOf } from './lookups.ts'
import type { World } from './state.ts'
import type { Contact, Inbox } from './types.ts'

/**
 * The source id that the "new conversation" dialog uses: the one of the contact's latest contact inbox there, otherwise
 * a fresh random UUID on every call (docs/platforms/chatwoot.md#source-ids).
 */
export function contactableSource(world: World, contact: Contact, inbox: Inbox): string {
  const own = contactInboxesOf(world, contact.id).findLast((row) => row.inboxId === inbox.id)
  return own?.sourceId ?? crypto.randomUUID()
}
