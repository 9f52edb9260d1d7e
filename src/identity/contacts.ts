import type { Account } from '../account.ts'
import type { NewContact } from '../chatwoot/api/contact-json.ts'
import { isRefusedValue, isTaken } from '../chatwoot/client.ts'
import { phoneNumberOf } from '../chatwoot/phone-number.ts'
import type { Contact } from '../chatwoot/shapes/contact.ts'
import type { ContactId, SourceId } from '../ids.ts'
import { findContact, identifierOf } from './find-contact.ts'
import { giveNumber } from './give-number.ts'
import type { Who } from './people.ts'
import { sourceIdOf } from './source-id.ts'

/** A person or group as Chatwoot should show it. */
export type Peer = Who & {
  /** What to call a contact that has no name yet. */
  name: string
}

/** A Chatwoot contact and its address in the account's inbox. */
export type ContactInInbox = { contactId: ContactId; sourceId: SourceId; created: boolean }

/** What becomes of a contact whose number Chatwoot refuses although it looks right. */
type OnRefusedNumber = 'leave-out' | 'throw'

/**
 * Finds the contact of a peer or makes one: first by its address in the inbox, then by its number or identifier
 * anywhere in the Chatwoot account (an agent or another inbox may have made it), and only then anew. Searching
 * first is what keeps one person one contact; creating can lose a race, so a refused create searches again.
 */
export async function findOrCreateContact(
  account: Account,
  peer: Peer,
  onRefusedNumber: OnRefusedNumber = 'leave-out',
): Promise<ContactInInbox> {
  const { chatwoot, inboxId } = account
  const sourceId = sourceIdOf(peer)
  const bySource = await chatwoot.contacts.findBySource(inboxId, sourceId)
  if (bySource !== undefined) return { contactId: bySource.id, sourceId, created: false }

  const known = await findContact(account, peer)
  if (known !== undefined) return adopt(account, known, peer)
  try {
    const contactId = await create(account, peer, onRefusedNumber)
    return { contactId, sourceId, created: true }
  } catch (error) {
    if (!isTaken(error, 'phone_number') && !isTaken(error, 'identifier')) throw error
    const winner = await findContact(account, peer)
    if (winner === undefined) throw error
    return adopt(account, winner, peer)
  }
}

/** A number that Chatwoot does not take must not cost a message its contact; without a message there is nothing to save. */
async function create(
  { chatwoot, inboxId }: Account,
  peer: Peer,
  onRefusedNumber: OnRefusedNumber,
): Promise<ContactId> {
  const phoneNumber = phoneNumberOf(peer.phone)
  const unnumbered = {
    inboxId,
    sourceId: sourceIdOf(peer),
    name: peer.name,
    identifier: identifierOf(peer),
  }
  const make = async (contact: NewContact) => (await chatwoot.contacts.create(contact)).contact.id
  if (phoneNumber === undefined) return make(unnumbered)
  try {
    return await make({ ...unnumbered, phoneNumber })
  } catch (error) {
    if (onRefusedNumber === 'throw' || !isRefusedValue(error, 'phone_number')) throw error
    return make(unnumbered)
  }
}

/**
 * Ties a contact to the inbox. One that was reached from Chatwoot first already has an address there, a random
 * one; keeping it is what brings the answer into the conversation the agent started.
 */
async function adopt(account: Account, found: Contact, peer: Peer): Promise<ContactInInbox> {
  const contact = await giveNumber(account, found, peer.phone)
  const existing = contact.contactInboxes.findLast((link) => link.inboxId === account.inboxId)
  if (existing !== undefined) {
    return { contactId: contact.id, sourceId: existing.sourceId, created: false }
  }
  const sourceId = sourceIdOf(peer)
  await account.chatwoot.contacts.createContactInbox(contact.id, account.inboxId, sourceId)
  return { contactId: contact.id, sourceId, created: false }
}
