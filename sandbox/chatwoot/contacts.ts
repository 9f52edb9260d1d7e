import { type Changed, changesSince, snapshot } from './changes.ts'
import { type ContactFields, contactProblems } from './contact-rules.ts'
import { crashed, rejectInvalid } from './errors.ts'
import { contactInboxBySource } from './lookups.ts'
import type { World } from './state.ts'
import { iso, nextStamp } from './times.ts'
import type { Contact, ContactInbox, Inbox, Json } from './types.ts'

/** What a create or update may set. An absent key leaves the stored value; objects are merged key by key. */
export type ContactPatch = Partial<ContactFields> & {
  blocked?: boolean
  additionalAttributes?: Json
  customAttributes?: Json
}

const COLUMNS = {
  name: (contact: Contact) => contact.name,
  email: (contact: Contact) => contact.email,
  phone_number: (contact: Contact) => contact.phoneNumber,
  identifier: (contact: Contact) => contact.identifier,
  blocked: (contact: Contact) => contact.blocked,
  additional_attributes: (contact: Contact) => contact.additionalAttributes,
  custom_attributes: (contact: Contact) => contact.customAttributes,
  last_activity_at: (contact: Contact) => iso(contact.lastActivityAt),
  updated_at: (contact: Contact) => iso(contact.updatedAt),
}

/** A valid contact that is not stored yet. The 422 of a duplicate does not name the existing contact. */
export function draftContact(world: World, accountId: number, patch: ContactPatch): Contact {
  const now = world.clock.now()
  const contact: Contact = {
    id: 0,
    accountId,
    name: '',
    email: null,
    phoneNumber: null,
    identifier: null,
    blocked: false,
    additionalAttributes: {},
    customAttributes: {},
    labels: [],
    avatarBlobId: null,
    lastActivityAt: null,
    createdAt: now,
    updatedAt: now,
    ...normalised(patch),
  }
  rejectInvalid(contactProblems(world, accountId, contact))
  return contact
}

/** Stores a draft and announces it. */
export function saveContact(world: World, draft: Contact): Contact {
  const contact = { ...draft, id: world.nextId('contact') }
  world.contacts.set(contact.id, contact)
  world.emit({ event: 'contact_created', contactId: contact.id })
  return contact
}

/** Validates and stores; announces `contact_updated` when something changed. */
export function updateContact(world: World, contact: Contact, patch: ContactPatch): void {
  const { additionalAttributes, customAttributes, ...plain } = normalised(patch)
  rejectInvalid(contactProblems(world, contact.accountId, { ...contact, ...plain }, contact.id))
  changeContact(world, contact, {
    ...plain,
    additionalAttributes: { ...contact.additionalAttributes, ...additionalAttributes },
    customAttributes: { ...contact.customAttributes, ...customAttributes },
  })
}

/** Stores without validation; announces `contact_updated` when something changed. */
export function changeContact(world: World, contact: Contact, values: Partial<Contact>): void {
  const before = snapshot(contact, COLUMNS)
  Object.assign(contact, values)
  if (changesSince(before, contact, COLUMNS).length === 0) return
  contact.updatedAt = nextStamp(world.clock, contact.updatedAt)
  const changed: Changed = changesSince(before, contact, COLUMNS)
  world.emit({ event: 'contact_updated', contactId: contact.id, changed })
}

function normalised(patch: ContactPatch): ContactPatch {
  return patch.email ? { ...patch, email: patch.email.toLowerCase() } : patch
}

/**
 * The contact inbox of this contact and source id, made when missing; without a source id a random UUID is used. A
 * source id of another contact breaks a unique index, which Chatwoot answers with 500
 * (docs/platforms/chatwoot.md#source-ids).
 */
export function ensureContactInbox(
  world: World,
  contact: Contact,
  inbox: Inbox,
  sourceId: string | undefined,
): ContactInbox {
  const source = sourceId ?? crypto.randomUUID()
  const existing = contactInboxBySource(world, inbox.id, source)
  if (existing?.contactId === contact.id) return existing
  if (existing !== undefined) throw crashed()
  const now = world.clock.now()
  const row: ContactInbox = {
    id: world.nextId('contactInbox'),
    contactId: contact.id,
    inboxId: inbox.id,
    sourceId: source,
    pubsubToken: world.random.token(),
    createdAt: now,
    updatedAt: now,
  }
  world.contactInboxes.set(row.id, row)
  world.sourceIndex.set(`${inbox.id}:${source}`, row)
  world.signal.ring()
  return row
}
