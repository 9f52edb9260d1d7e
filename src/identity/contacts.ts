import type { Account } from '../account.ts'
import type { ContactCondition } from '../chatwoot/api/contact-json.ts'
import { isTaken } from '../chatwoot/client.ts'
import type { Contact } from '../chatwoot/shapes/contact.ts'
import { asId, type ContactId, type SourceId } from '../ids.ts'
import { formatJid } from '../wasender/jid.ts'
import type { Who } from './people.ts'

/** A person or group as Chatwoot should show it. */
export type Peer = Who & {
  /** What to call a contact that has no name yet. */
  name: string
}

/** A Chatwoot contact and its address in the account's inbox. */
export type ContactInInbox = { contactId: ContactId; sourceId: SourceId; created: boolean }

/**
 * The source id of a chat. Chatwoot's public routes put it into a path, so it holds neither dot nor slash
 * (chatwoot-api.md, section 3.6).
 */
export function sourceIdOf(who: Who): SourceId {
  if (who.phone !== undefined) return asId<SourceId>(who.phone)
  if (who.lid !== undefined) return asId<SourceId>(`lid-${who.lid}`)
  const { address } = who
  if (address.kind === 'status') return asId<SourceId>('status')
  const id = address.kind === 'phone' ? address.digits : address.id
  return asId<SourceId>(`${address.kind}-${id.replace(/[./]/g, '-')}`)
}

/**
 * Finds the contact of a peer or makes one: first by its address in the inbox, then by its number or identifier
 * anywhere in the Chatwoot account (an agent or another inbox may have made it), and only then anew. Searching
 * first is what keeps one person one contact; creating can lose a race, so a refused create searches again.
 */
export async function findOrCreateContact(account: Account, peer: Peer): Promise<ContactInInbox> {
  const { chatwoot, inboxId } = account
  const sourceId = sourceIdOf(peer)
  const bySource = await chatwoot.contacts.findBySource(inboxId, sourceId)
  if (bySource !== undefined) return { contactId: bySource.id, sourceId, created: false }

  const known = await findAnywhere(account, peer)
  if (known !== undefined) return adopt(account, known, sourceId)
  try {
    const { contact } = await chatwoot.contacts.create({
      inboxId,
      sourceId,
      name: peer.name,
      identifier: identifierOf(peer),
      ...(peer.phone === undefined ? {} : { phoneNumber: `+${peer.phone}` }),
    })
    return { contactId: contact.id, sourceId, created: true }
  } catch (error) {
    if (!isTaken(error, 'phone_number') && !isTaken(error, 'identifier')) throw error
    const winner = await findAnywhere(account, peer)
    if (winner === undefined) throw error
    return adopt(account, winner, sourceId)
  }
}

async function findAnywhere(account: Account, peer: Peer): Promise<Contact | undefined> {
  const identifier = {
    key: 'identifier',
    operator: 'equal_to',
    values: [identifierOf(peer)],
  } as const
  const conditions: ContactCondition[] = [identifier]
  if (peer.phone !== undefined) {
    conditions.unshift({
      key: 'phone_number',
      operator: 'equal_to',
      values: [`+${peer.phone}`],
      joinedBy: 'OR',
    })
  }
  const { contacts } = await account.chatwoot.contacts.filter(conditions)
  return contacts[0]
}

/**
 * Ties a contact to the inbox. One that was reached from Chatwoot first already has an address there, a random
 * one; keeping it is what brings the answer into the conversation the agent started.
 */
async function adopt(
  account: Account,
  contact: Contact,
  sourceId: SourceId,
): Promise<ContactInInbox> {
  const existing = contact.contactInboxes.findLast((link) => link.inboxId === account.inboxId)
  if (existing !== undefined) {
    return { contactId: contact.id, sourceId: existing.sourceId, created: false }
  }
  await account.chatwoot.contacts.createContactInbox(contact.id, account.inboxId, sourceId)
  return { contactId: contact.id, sourceId, created: false }
}

/** The contact's identifier: the JID, which also a contact without a number has. */
function identifierOf(peer: Peer): string {
  if (peer.phone !== undefined) return formatJid({ kind: 'phone', digits: peer.phone })
  if (peer.lid !== undefined) return formatJid({ kind: 'lid', id: peer.lid })
  return formatJid(peer.address)
}
