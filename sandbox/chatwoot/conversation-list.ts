import type { ApiRequest, Route } from './api.ts'
import { maySee, visibleConversation } from './auth.ts'
import { filterRows, type Readers } from './filter.ts'
import { related, threadOf } from './lookups.ts'
import { conversationJson } from './payloads-rest.ts'
import type { World } from './state.ts'
import { iso } from './times.ts'
import type { Conversation, Json } from './types.ts'

const PAGE = 25

const READERS: Readers<Conversation> = {
  status: ({ status }) => status,
  assignee_id: ({ assignee }) => (assignee?.type === 'User' ? assignee.id : null),
  inbox_id: ({ inboxId }) => inboxId,
  contact_id: ({ contactId }) => contactId,
  team_id: () => null,
  priority: ({ priority }) => priority,
  display_id: ({ id }) => id,
  labels: ({ labels }) => labels,
  created_at: ({ createdAt }) => iso(createdAt),
  last_activity_at: ({ lastActivityAt }) => iso(lastActivityAt),
}

type Matches = (row: Conversation, wanted: string, request: ApiRequest) => boolean

/** Query parameters that narrow the list; those absent do not (docs/platforms/chatwoot.md#reading-conversations). */
const NARROWING: Readonly<Record<string, Matches>> = {
  inbox_id: (row, wanted) => row.inboxId === Number(wanted),
  source_id: (row, wanted, { world }) =>
    related(world.contactInboxes, row.contactInboxId).sourceId === wanted,
  updated_within: (row, wanted, { world }) =>
    row.updatedAt > world.clock.now() - Number(wanted) * 1000,
  q: (row, wanted, { world }) => mentions(world, row, wanted),
}

const SORTS: Readonly<Record<string, (a: Conversation, b: Conversation) => number>> = {
  last_activity_at_desc: (a, b) => b.lastActivityAt - a.lastActivityAt || b.pk - a.pk,
  last_activity_at_asc: (a, b) => a.lastActivityAt - b.lastActivityAt || a.pk - b.pk,
  created_at_desc: (a, b) => b.createdAt - a.createdAt || b.pk - a.pk,
  created_at_asc: (a, b) => a.createdAt - b.createdAt || a.pk - b.pk,
}

const ASSIGNMENTS: Readonly<Record<string, (row: Conversation, request: ApiRequest) => boolean>> = {
  me: ({ assignee }, { actor }) =>
    actor.type === 'User' && assignee?.type === 'User' && assignee.id === actor.user.id,
  assigned: ({ assignee }) => assignee !== null,
  unassigned: ({ assignee }) => assignee === null,
}

function mentions(world: World, row: Conversation, wanted: string): boolean {
  const needle = wanted.toLowerCase()
  return threadOf(world, row).some(({ content }) => content?.toLowerCase().includes(needle))
}

const visible = ({ world, account, actor }: ApiRequest): Conversation[] =>
  [...world.conversations.values()].filter(
    (row) => row.accountId === account.id && maySee(actor, related(world.inboxes, row.inboxId)),
  )

function narrowed(request: ApiRequest): Conversation[] {
  const { query } = request
  const status = query.get('status') ?? 'open'
  const labels = query.getAll('labels[]')
  const wanted = Object.entries(NARROWING).flatMap(([name, matches]) => {
    const value = query.get(name)
    return value === null ? [] : [(row: Conversation) => matches(row, value, request)]
  })
  return visible(request)
    .filter((row) => status === 'all' || row.status === status)
    .filter((row) => labels.length === 0 || labels.some((label) => row.labels.includes(label)))
    .filter((row) => wanted.every((test) => test(row)))
}

function counts(request: ApiRequest, rows: Conversation[]): Json {
  const count = (type: string) => rows.filter((row) => ASSIGNMENTS[type]?.(row, request)).length
  return {
    mine_count: count('me'),
    assigned_count: count('assigned'),
    unassigned_count: count('unassigned'),
    all_count: rows.length,
  }
}

const paged = ({ query, world }: ApiRequest, rows: Conversation[]): Json[] => {
  const start = (Math.max(1, Number(query.get('page')) || 1) - 1) * PAGE
  return rows.slice(start, start + PAGE).map((row) => conversationJson(world, row))
}

function index(request: ApiRequest): Json {
  const { query, world } = request
  const rows = narrowed(request)
  const assigned = ASSIGNMENTS[query.get('assignee_type') ?? '']
  const sort = SORTS[query.get('sort_by') ?? ''] ?? SORTS.last_activity_at_desc
  const sorted = rows.filter((row) => assigned?.(row, request) ?? true).toSorted(sort)
  // What was updated lately is not paginated, so that a client can catch up after an outage.
  const payload = query.has('updated_within')
    ? sorted.map((row) => conversationJson(world, row))
    : paged(request, sorted)
  return { data: { meta: counts(request, rows), payload } }
}

function filter(request: ApiRequest): Json {
  const rows = filterRows(visible(request), request.body, READERS)
  const sorted = rows.toSorted(SORTS.last_activity_at_desc)
  return { meta: counts(request, rows), payload: paged(request, sorted) }
}

/** Reading conversations (docs/platforms/chatwoot.md#reading-conversations). */
export const conversationListRoutes: Route[] = [
  { method: 'GET', path: '/conversations', handle: index },
  { method: 'POST', path: '/conversations/filter', handle: filter },
  {
    method: 'GET',
    path: '/conversations/:conversation',
    bot: 'botConversations',
    handle: (request) => conversationJson(request.world, visibleConversation(request)),
  },
  {
    method: 'GET',
    path: '/conversations/:conversation/labels',
    bot: 'botConversations',
    handle: (request) => ({ payload: visibleConversation(request).labels }),
  },
]
