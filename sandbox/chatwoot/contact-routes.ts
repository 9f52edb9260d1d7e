import { z } from 'zod'
import { type ApiRequest, pathId, type Route } from './api.ts'
import { maySee } from './auth.ts'
import { storeAvatar } from './avatars.ts'
import {
  type ContactPatch,
  changeContact,
  draftContact,
  ensureContactInbox,
  saveContact,
  updateContact,
} from './contacts.ts'
import { crashed } from './errors.ts'
import { contactInboxBySource, contactOf, inboxOf, related } from './lookups.ts'
import { flag, hasNul, object, parse, text, wholeNumber } from './params.ts'
import { inboxRow } from './payloads-inbox.ts'
import { contactInboxJson, contactJson, conversationJson, slimInbox } from './payloads-rest.ts'
import { mergeContacts, removeContact } from './removal.ts'
import { contactableSource } from './source-ids.ts'
import type { Json } from './types.ts'

const contactParams = z.object({
  name: text.nullish(),
  email: text.nullish(),
  phone_number: text.nullish(),
  identifier: text.nullish(),
  blocked: flag.nullish(),
  additional_attributes: object.nullish(),
  custom_attributes: object.nullish(),
  avatar_url: text.nullish(),
  avatar: z.instanceof(File).nullish(),
  inbox_id: wholeNumber.nullish(),
  source_id: text.nullish(),
})
type ContactParams = z.output<typeof contactParams>

/** Only what the request named: an absent key must not clear a value. Empty texts count as null. */
function patchOf(params: ContactParams): ContactPatch {
  const named = {
    name: params.name === undefined ? undefined : (params.name ?? ''),
    email: blankToNull(params.email),
    phoneNumber: blankToNull(params.phone_number),
    identifier: blankToNull(params.identifier),
    blocked: params.blocked ?? undefined,
    additionalAttributes: params.additional_attributes ?? undefined,
    customAttributes: params.custom_attributes ?? undefined,
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}

/** Unlike the messages, the contacts let PostgreSQL's refusal of U+0000 through. */
function readContact(body: Json): ContactParams {
  const params = parse(contactParams, body)
  const { name, email, phone_number, identifier, source_id } = params
  if (hasNul(name, email, phone_number, identifier, source_id)) throw crashed()
  return params
}

const blankToNull = (value: string | null | undefined) => (value === '' ? null : value)

const contactFrom = (request: ApiRequest) =>
  contactOf(request.world, request.account.id, pathId(request, 'contact'))

async function create({ world, account, body }: ApiRequest): Promise<Json> {
  const params = readContact(body)
  const inbox = params.inbox_id ? inboxOf(world, account.id, params.inbox_id) : undefined
  const source = params.source_id || undefined
  const draft = draftContact(world, account.id, patchOf(params))
  // Checked before the save because Chatwoot rolls the contact back when the source id is taken.
  if (inbox && source && contactInboxBySource(world, inbox.id, source)) throw crashed()
  const contact = saveContact(world, draft)
  const row = inbox && ensureContactInbox(world, contact, inbox, source)
  await storeAvatar(world, contact, params.avatar, params.avatar_url)
  return {
    payload: {
      contact: contactJson(world, contact),
      contact_inbox: { inbox: inbox ? inboxRow(inbox) : null, source_id: row?.sourceId ?? null },
    },
  }
}

async function update(request: ApiRequest): Promise<Json> {
  const { world, body } = request
  const contact = contactFrom(request)
  const params = readContact(body)
  updateContact(world, contact, patchOf(params))
  await storeAvatar(world, contact, params.avatar, params.avatar_url)
  return { payload: contactJson(world, contact) }
}

function destroyAttributes(request: ApiRequest): Json {
  const contact = contactFrom(request)
  const { custom_attributes: keys } = parse(
    z.object({ custom_attributes: z.array(text) }),
    request.body,
  )
  const kept = Object.entries(contact.customAttributes).filter(([key]) => !keys.includes(key))
  changeContact(request.world, contact, { customAttributes: Object.fromEntries(kept) })
  return { payload: contactJson(request.world, contact) }
}

function addInbox(request: ApiRequest): Json {
  const { world, account, body } = request
  const params = parse(z.object({ inbox_id: wholeNumber, source_id: text.nullish() }), body)
  if (hasNul(params.source_id)) throw crashed()
  const inbox = inboxOf(world, account.id, params.inbox_id)
  const row = ensureContactInbox(world, contactFrom(request), inbox, params.source_id || undefined)
  return contactInboxJson(world, row)
}

function contactable(request: ApiRequest): Json {
  const { world, account, actor } = request
  const contact = contactFrom(request)
  const inboxes = [...world.inboxes.values()].filter(
    (inbox) => inbox.accountId === account.id && maySee(actor, inbox),
  )
  return {
    payload: inboxes.map((inbox) => ({
      inbox: slimInbox(inbox),
      source_id: contactableSource(world, contact, inbox),
    })),
  }
}

/** Newest activity first, at most twenty (docs/platforms/chatwoot.md#reading-conversations). */
function conversations(request: ApiRequest): Json {
  const { world, actor } = request
  const { id } = contactFrom(request)
  const rows = [...world.conversations.values()]
    .filter(({ contactId }) => contactId === id)
    .filter(({ inboxId }) => maySee(actor, related(world.inboxes, inboxId)))
    .toSorted((a, b) => b.lastActivityAt - a.lastActivityAt || b.pk - a.pk)
  return { payload: rows.slice(0, 20).map((row) => conversationJson(world, row)) }
}

function setLabels(request: ApiRequest): Json {
  const contact = contactFrom(request)
  const { labels } = parse(z.object({ labels: z.array(text) }), request.body)
  contact.labels = [...new Set(labels)]
  request.world.signal.ring()
  return { payload: contact.labels }
}

function merge({ world, account, body }: ApiRequest): Json {
  const params = parse(
    z.object({ base_contact_id: wholeNumber, mergee_contact_id: wholeNumber }),
    body,
  )
  const base = contactOf(world, account.id, params.base_contact_id)
  const mergee = contactOf(world, account.id, params.mergee_contact_id)
  if (base.id !== mergee.id) mergeContacts(world, base, mergee)
  return contactJson(world, base, false)
}

function show(request: ApiRequest): Json {
  const withInboxes = request.query.get('include_contact_inboxes') !== 'false'
  return { payload: contactJson(request.world, contactFrom(request), withInboxes) }
}

/** Contacts one at a time (docs/platforms/chatwoot.md#contacts); finding them is in `contact-search.ts`. */
export const contactRoutes: Route[] = [
  { method: 'POST', path: '/contacts', handle: create },
  { method: 'GET', path: '/contacts/:contact', handle: show },
  { method: 'PUT', path: '/contacts/:contact', handle: update },
  { method: 'PATCH', path: '/contacts/:contact', handle: update },
  {
    method: 'DELETE',
    path: '/contacts/:contact',
    administrator: true,
    handle: (request) => removeContact(request.world, contactFrom(request)),
  },
  {
    method: 'DELETE',
    path: '/contacts/:contact/avatar',
    handle: (request) => {
      const contact = contactFrom(request)
      contact.avatarBlobId = null
      return { payload: contactJson(request.world, contact) }
    },
  },
  {
    method: 'POST',
    path: '/contacts/:contact/destroy_custom_attributes',
    handle: destroyAttributes,
  },
  { method: 'POST', path: '/contacts/:contact/contact_inboxes', handle: addInbox },
  { method: 'GET', path: '/contacts/:contact/contactable_inboxes', handle: contactable },
  { method: 'GET', path: '/contacts/:contact/conversations', handle: conversations },
  {
    method: 'GET',
    path: '/contacts/:contact/labels',
    handle: (request) => ({ payload: contactFrom(request).labels }),
  },
  { method: 'POST', path: '/contacts/:contact/labels', handle: setLabels },
  { method: 'POST', path: '/actions/contact_merge', handle: merge },
]
