import { z } from 'zod'
import type { ApiRequest, Route } from './api.ts'
import { ApiError, crashed, refused } from './errors.ts'
import { filterRows, type Readers } from './filter.ts'
import { contactInboxBySource, inboxOf, related } from './lookups.ts'
import { hasNul, parse, text, wholeNumber } from './params.ts'
import { contactJson } from './payloads-rest.ts'
import { iso } from './times.ts'
import type { Contact, Json } from './types.ts'

const PAGE = 15

const READERS: Readers<Contact> = {
  name: ({ name }) => name,
  phone_number: ({ phoneNumber }) => phoneNumber,
  email: ({ email }) => email,
  identifier: ({ identifier }) => identifier,
  country_code: ({ additionalAttributes }) => additionalAttributes.country_code,
  city: ({ additionalAttributes }) => additionalAttributes.city,
  company_name: ({ additionalAttributes }) => additionalAttributes.company_name,
  labels: ({ labels }) => labels,
  created_at: ({ createdAt }) => iso(createdAt),
  last_activity_at: ({ lastActivityAt }) => iso(lastActivityAt),
  blocked: ({ blocked }) => blocked,
}

/** Old releases have another name for one of them. */
function readersOf({ world }: ApiRequest): Readers<Contact> {
  if (world.has('laterFields')) return READERS
  const renamed = Object.entries(READERS).map(([key, read]) => [
    key === 'company_name' ? 'company' : key,
    read,
  ])
  return Object.fromEntries(renamed)
}

const SORTS: Readonly<Record<string, (contact: Contact) => string>> = {
  name: ({ name }) => name,
  email: ({ email }) => email ?? '',
  phone_number: ({ phoneNumber }) => phoneNumber ?? '',
  last_activity_at: ({ lastActivityAt }) => iso(lastActivityAt) ?? '',
  created_at: ({ createdAt }) => iso(createdAt) ?? '',
}

/** List and filter see only contacts with an address (docs/platforms/chatwoot.md#finding-contacts). */
const isResolved = (contact: Contact) =>
  Boolean(contact.email || contact.phoneNumber || contact.identifier)

const contactsOf = ({ world, account }: ApiRequest) =>
  [...world.contacts.values()].filter(({ accountId }) => accountId === account.id)

const pageOf = ({ query }: ApiRequest) => Math.max(1, Number(query.get('page')) || 1)

function page(request: ApiRequest, rows: Contact[]): Json[] {
  const start = (pageOf(request) - 1) * PAGE
  return rows.slice(start, start + PAGE).map((row) => contactJson(request.world, row))
}

const listed = (request: ApiRequest, rows: Contact[]): Json => ({
  meta: { count: rows.length, current_page: pageOf(request) },
  payload: page(request, rows),
})

function index(request: ApiRequest): Json {
  const sort = request.query.get('sort') ?? 'name'
  const read = SORTS[sort.replace(/^-/, '')] ?? SORTS.name
  const rows = contactsOf(request).filter(isResolved)
  if (read !== undefined) rows.sort((a, b) => read(a).localeCompare(read(b)))
  return listed(request, sort.startsWith('-') ? rows.reverse() : rows)
}

/** Unlike the filter, the search sees all contacts, and its count is that of this page. */
function search(request: ApiRequest): Json {
  const q = request.query.get('q')
  if (!q) throw refused('Specify search string with parameter q')
  const needle = q.toLowerCase()
  const rows = contactsOf(request).filter(
    ({ name, email, phoneNumber, identifier }) =>
      [name, email, phoneNumber].some((value) => value?.toLowerCase().includes(needle)) ||
      identifier?.includes(q),
  )
  const payload = page(request, rows)
  const more = rows.length > pageOf(request) * PAGE
  return {
    meta: {
      count: payload.length,
      current_page: pageOf(request),
      ...(request.world.has('searchHasMore') ? { has_more: more } : {}),
    },
    payload,
  }
}

/** The contact itself without a wrapper; 404 with an empty body when there is none. */
function bySource({ world, account, body }: ApiRequest): Json {
  const params = parse(z.object({ inbox_id: wholeNumber, source_id: text }), body)
  if (hasNul(params.source_id)) throw crashed()
  const inbox = inboxOf(world, account.id, params.inbox_id)
  const row = contactInboxBySource(world, inbox.id, params.source_id)
  if (row === undefined) throw new ApiError(404)
  return contactJson(world, related(world.contacts, row.contactId))
}

/** The ways to find a contact (docs/platforms/chatwoot.md#finding-contacts). */
export const contactSearchRoutes: Route[] = [
  { method: 'GET', path: '/contacts', handle: index },
  { method: 'GET', path: '/contacts/search', handle: search },
  {
    method: 'POST',
    path: '/contacts/filter',
    handle: (request) => {
      const rows = contactsOf(request).filter(isResolved)
      return listed(request, filterRows(rows, request.body, readersOf(request)))
    },
  },
  { method: 'POST', path: '/contact_inboxes/filter', handle: bySource },
]
