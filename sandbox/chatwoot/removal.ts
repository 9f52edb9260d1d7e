import { changeContact } from './contacts.ts'
import { removeConversation } from './conversations.ts'
import { contactInboxesOf } from './lookups.ts'
import type { World } from './state.ts'
import type { Contact, ContactInbox, Inbox } from './types.ts'

/** Deletes a contact with all it has. No webhook tells of it (docs/platforms/chatwoot.md#which-action-sends-what). */
export function removeContact(world: World, contact: Contact): void {
  for (const conversation of [...world.conversations.values()])
    if (conversation.contactId === contact.id) removeConversation(world, conversation)
  for (const row of contactInboxesOf(world, contact.id)) removeContactInbox(world, row)
  world.contacts.delete(contact.id)
  world.signal.ring()
}

/**
 * Moves everything of `mergee` to `base` and deletes it. What the base has wins; only `contact_updated` of the base
 * tells of it (docs/platforms/chatwoot.md#merging-contacts).
 */
export function mergeContacts(world: World, base: Contact, mergee: Contact): void {
  for (const conversation of world.conversations.values())
    if (conversation.contactId === mergee.id) conversation.contactId = base.id
  for (const row of contactInboxesOf(world, mergee.id)) row.contactId = base.id
  for (const message of world.messages.values())
    if (message.sender?.type === 'Contact' && message.sender.id === mergee.id)
      message.sender = { type: 'Contact', id: base.id }
  world.contacts.delete(mergee.id)
  changeContact(world, base, {
    name: base.name || mergee.name,
    email: base.email ?? mergee.email,
    phoneNumber: base.phoneNumber ?? mergee.phoneNumber,
    identifier: base.identifier ?? mergee.identifier,
    additionalAttributes: { ...mergee.additionalAttributes, ...base.additionalAttributes },
    customAttributes: { ...mergee.customAttributes, ...base.customAttributes },
  })
  world.signal.ring()
}

/** Deletes an inbox with its conversations and contact inboxes. */
export function removeInbox(world: World, inbox: Inbox): void {
  for (const conversation of [...world.conversations.values()])
    if (conversation.inboxId === inbox.id) removeConversation(world, conversation)
  for (const row of [...world.contactInboxes.values()])
    if (row.inboxId === inbox.id) removeContactInbox(world, row)
  world.inboxes.delete(inbox.id)
  world.signal.ring()
}

function removeContactInbox(world: World, row: ContactInbox): void {
  world.contactInboxes.delete(row.id)
  world.sourceIndex.delete(`${row.inboxId}:${row.sourceId}`)
}
