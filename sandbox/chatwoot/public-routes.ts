import { createHmac } from 'node:crypto'
import type { Context } from 'hono'
import { z } from 'zod'
import { type App, answer } from './api.ts'
import {
  type ContactPatch,
  draftContact,
  ensureContactInbox,
  saveContact,
  updateContact,
} from './contacts.ts'
import { crashed } from './errors.ts'
import { contactInboxBySource, found, related } from './lookups.ts'
import { object, parse, readBody, text } from './params.ts'
import { publicInboxJson } from './payloads-inbox.ts'
import { publicConversationRoutes } from './public-conversations.ts'
import { publicContactJson } from './public-payloads.ts'
import type { World } from './state.ts'
import type { Contact, ContactInbox, Inbox, Json } from './types.ts'

/** A request of the public API: the addressed inbox, and the contact where the path names one. */
export type PublicRequest = {
  world: World
  inbox: Inbox
  /** Throws 404 when the path's source id is unknown. */
  contact: () => { contact: Contact; row: ContactInbox }
  path: Record<string, string>
  query: URLSearchParams
  body: Json
}

export type PublicRoute = {
  method: 'GET' | 'POST' | 'PATCH'
  path: string
  handle: (request: PublicRequest) => unknown
}

const contactParams = z.object({
  source_id: text.nullish(),
  identifier: text.nullish(),
  identifier_hash: text.nullish(),
  email: text.nullish(),
  name: text.nullish(),
  phone_number: text.nullish(),
  custom_attributes: object.nullish(),
})
type ContactParams = z.output<typeof contactParams>

const patchOf = (params: ContactParams): ContactPatch => ({
  ...(params.name ? { name: params.name } : {}),
  ...(params.email ? { email: params.email } : {}),
  ...(params.phone_number ? { phoneNumber: params.phone_number } : {}),
  ...(params.identifier ? { identifier: params.identifier } : {}),
  ...(params.custom_attributes ? { customAttributes: params.custom_attributes } : {}),
})

/** A wrong or missing hash raises in Chatwoot: 500. */
function checkHash({ hmacMandatory, hmacToken }: Inbox, params: ContactParams): void {
  if (!hmacMandatory) return
  const expected = createHmac('sha256', hmacToken)
    .update(params.identifier ?? '')
    .digest('hex')
  if (params.identifier_hash !== expected) throw crashed()
}

/** Find or create: by source id, then identifier, e-mail and phone. A found contact is not changed. */
function upsert({ world, inbox, body }: PublicRequest): Json {
  const params = parse(contactParams, body)
  checkHash(inbox, params)
  const known = params.source_id && contactInboxBySource(world, inbox.id, params.source_id)
  if (known) return publicContactJson(related(world.contacts, known.contactId), known)
  const patch = patchOf(params)
  const keys = ['identifier', 'email', 'phoneNumber'] as const
  const same = keys.flatMap((key) =>
    [...world.contacts.values()].filter(
      (row) => row.accountId === inbox.accountId && patch[key] && row[key] === patch[key],
    ),
  )[0]
  const named = { name: `visitor-${world.random.token(6)}`, ...patch }
  const contact = same ?? saveContact(world, draftContact(world, inbox.accountId, named))
  const row = ensureContactInbox(world, contact, inbox, params.source_id || undefined)
  return publicContactJson(contact, row)
}

function update({ world, inbox, body, contact: find }: PublicRequest): Json {
  const { contact, row } = find()
  const params = parse(contactParams, body)
  checkHash(inbox, params)
  updateContact(world, contact, patchOf(params))
  return publicContactJson(contact, row)
}

const contactRoutes: PublicRoute[] = [
  { method: 'GET', path: '', handle: ({ inbox }) => publicInboxJson(inbox) },
  { method: 'POST', path: '/contacts', handle: upsert },
  {
    method: 'GET',
    path: '/contacts/:source',
    handle: ({ contact: find }) => {
      const { contact, row } = find()
      return publicContactJson(contact, row)
    },
  },
  { method: 'PATCH', path: '/contacts/:source', handle: update },
]

/** Mounts the API that needs no token (docs/platforms/chatwoot.md#public-api). */
export function mountPublicApi(app: App, world: World): void {
  for (const { method, path, handle } of [...contactRoutes, ...publicConversationRoutes])
    app.on(method, `/public/api/v1/inboxes/:inbox${path}`, async (c) =>
      answer(c, await handle(await publicRequest(c, world))),
    )
}

async function publicRequest(c: Context, world: World): Promise<PublicRequest> {
  const path: Record<string, string> = c.req.param()
  const inbox = found(
    [...world.inboxes.values()].find(({ identifier }) => identifier === path.inbox),
  )
  const body = await readBody(c)
  const contact = () => {
    const source = path.source ?? ''
    // A dot ends a path segment in Rails, so such a source id cannot be addressed.
    const row = found(
      source.includes('.') ? undefined : contactInboxBySource(world, inbox.id, source),
    )
    return { contact: related(world.contacts, row.contactId), row }
  }
  return { world, inbox, contact, path, query: new URL(c.req.url).searchParams, body }
}
