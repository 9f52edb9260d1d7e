import { createHash } from 'node:crypto'
import type { Account } from '../accounts/account.ts'
import { asId, type ContactId, type SourceId } from '../kernel/ids.ts'
import { cutText } from '../kernel/text.ts'
import type { ContactCondition, NewContact } from '../platforms/chatwoot/api/contacts.ts'
import { isRefusedValue, isTaken } from '../platforms/chatwoot/client.ts'
import {
  type Contact,
  type ContactRef,
  phoneNumberOf,
} from '../platforms/chatwoot/shapes/contact.ts'
import { formatJid, type Who } from '../platforms/wasender/jid.ts'
import { contactIfAny, uniteContacts } from './merge-chats.ts'
import { isSameNumber, variantsOf } from './people.ts'

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

/** The identifier of a contact the bridge makes: the JID, which also somebody without a number has. */
function identifierOf(who: Who): string {
  if (who.phone !== undefined) return formatJid({ kind: 'phone', digits: who.phone })
  if (who.lid !== undefined) return formatJid({ kind: 'lid', id: who.lid })
  return formatJid(who.address)
}

/**
 * The contact of someone anywhere in the Chatwoot account, whoever made it: by every spelling of the number and by every
 * identifier, in one call. One with the number goes before one that only has an identifier, and of several the oldest.
 */
export async function findContact(account: Account, who: Who): Promise<Contact | undefined> {
  const { contacts } = await account.chatwoot.contacts.filter(conditionsFor(who))
  return contacts.sort(
    (a, b) => Number(hasNumber(b, who.phone)) - Number(hasNumber(a, who.phone)) || a.id - b.id,
  )[0]
}

/** Whether the contact's number is this one, in any spelling. */
function hasNumber(contact: ContactRef, phone: string | undefined): boolean {
  const { phoneNumber } = contact
  if (phoneNumber === undefined || phone === undefined) return false
  return isSameNumber(phoneNumber.replace(/\D/g, ''), phone)
}

/**
 * One value per condition, since Chatwoot compares with the first one only
 * (docs/platforms/chatwoot.md#finding-contacts).
 */
function conditionsFor(who: Who): ContactCondition[] {
  const spellings = who.phone === undefined ? [] : variantsOf(who.phone)
  const identifiers = [
    ...spellings.map((digits) => identifierOf({ ...who, phone: digits })),
    ...(who.lid === undefined ? [] : [formatJid({ kind: 'lid', id: who.lid })]),
  ]
  return [
    ...spellings.map((digits) => equal('phone_number', `+${digits}`)),
    ...(identifiers.length > 0 ? identifiers : [identifierOf(who)]).map((value) =>
      equal('identifier', value),
    ),
  ]
}

const equal = (key: string, value: string): ContactCondition => ({
  key,
  operator: 'equal_to',
  values: [value],
  joinedBy: 'OR',
})

/** Chatwoot's limit of a contact's name. */
const MAX_LENGTH = 255

/** Ends of lines and other controls, and halves of characters. */
const CONTROLS = /[\p{Cc}\p{Cs}\u2028\u2029]+/gu
/** Characters that turn the writing direction, and invisible ones. */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/gu

/**
 * The name that people gave to themselves, to a contact or to a group: on one line, without invisible characters.
 * `undefined` when it says nothing; people without a name often send a dot.
 */
export function displayName(name: string | undefined): string | undefined {
  const line = cutText(name ?? '', 4 * MAX_LENGTH)
    .replace(CONTROLS, ' ')
    .replace(UNSEEN, '')
    .replace(/\s+/g, ' ')
    .trim()
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(line) ? cutText(line, MAX_LENGTH) : undefined
}

/**
 * The address of a chat in its inbox, Chatwoot's `source_id`. Chatwoot's public routes put it into a path, so it holds
 * neither dot nor slash (docs/platforms/chatwoot.md#source-ids); what a path cannot hold is written as its code, never
 * left out, so that two chats never share one.
 */
export function sourceIdOf(who: Who): SourceId {
  return asId<SourceId>(spell(who))
}

function spell({ phone, lid, address }: Who): string {
  if (phone !== undefined) return phone
  if (lid !== undefined) return named('lid', lid)
  switch (address.kind) {
    case 'phone':
      return address.digits
    case 'status':
      return 'status'
    default:
      return named(address.kind, address.id)
  }
}

function named(kind: string, id: string): string {
  const spelled = `${kind}-${id.replace(/[^A-Za-z0-9-]/gu, escaped)}`
  if (spelled.length <= MAX_LENGTH) return spelled
  // No escape starts with two underscores, so this cannot be the spelling of another id.
  return `${kind}-__${createHash('sha256').update(spelled).digest('hex')}`
}

/** `_2e_` for a dot. */
function escaped(character: string): string {
  return `_${(character.codePointAt(0) ?? 0).toString(16)}_`
}

/**
 * Writes a number that was learned to a contact without one; a number somebody else wrote stays. When another contact has
 * the number, both are the same person: the other one stays and gets everything. A number that Chatwoot does not take is left
 * out.
 */
export async function giveNumber(
  account: Account,
  contact: Contact,
  phone: string | undefined,
): Promise<Contact> {
  const phoneNumber = phoneNumberOf(phone)
  if (phone === undefined || phoneNumber === undefined || contact.phoneNumber !== undefined) {
    return contact
  }
  const { contacts } = account.chatwoot
  try {
    return await contacts.update(contact.id, { phoneNumber })
  } catch (error) {
    if (isRefusedValue(error, 'phone_number')) return contact
    if (!isTaken(error, 'phone_number')) throw error
    const owner = await findContact(account, { address: { kind: 'phone', digits: phone }, phone })
    if (owner === undefined || owner.id === contact.id) throw error
    await uniteContacts(account, owner, contact)
    // The answer to a merge does not have to list the addresses that came along.
    return (await contactIfAny(account, owner.id)) ?? contact
  }
}
