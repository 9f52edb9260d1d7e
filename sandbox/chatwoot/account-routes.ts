import { z } from 'zod'
import { type ApiRequest, pathId, type Route } from './api.ts'
import { isAdministrator } from './auth.ts'
import { refused } from './errors.ts'
import { inboxOf } from './lookups.ts'
import { parse, text, wholeNumber, wrapped } from './params.ts'
import { botJson } from './payloads-inbox.ts'
import { agentJson } from './payloads-rest.ts'
import type { Inbox, Json } from './types.ts'

const memberParams = z.object({ inbox_id: wholeNumber, user_ids: z.array(wholeNumber) })

function membersJson({ world, account }: ApiRequest, inbox: Inbox): Json {
  const users = inbox.memberIds.flatMap((id) => world.users.get(id) ?? [])
  return { payload: users.map((user) => agentJson(world, user, account.id)) }
}

/** Applies the named users to the member list of an inbox (docs/platforms/chatwoot.md#inboxes). */
function changeMembers(change: (members: number[], named: number[]) => number[]) {
  return (request: ApiRequest): Json => {
    const params = parse(memberParams, request.body)
    const inbox = inboxOf(request.world, request.account.id, params.inbox_id)
    inbox.memberIds = change(inbox.memberIds, params.user_ids)
    request.world.signal.ring()
    return membersJson(request, inbox)
  }
}

const union = (members: number[], named: number[]) => [...new Set([...members, ...named])]
const without = (members: number[], named: number[]) => members.filter((id) => !named.includes(id))

function createBot({ world, account, body }: ApiRequest): Json {
  const params = parse(
    z.object({ name: text, description: text.nullish(), outgoing_url: text.nullish() }),
    body,
  )
  const bot = {
    id: world.nextId('bot'),
    accountId: account.id,
    name: params.name,
    description: params.description ?? null,
    outgoingUrl: params.outgoing_url ?? '',
    token: world.random.token(),
    secret: world.random.token(),
  }
  world.bots.set(bot.id, bot)
  return botJson(world, bot, true)
}

/** Chatwoot knows no campaigns for API inboxes, which is the only kind here. */
function createCampaign({ world, account, body }: ApiRequest): never {
  const params = parse(z.object({ inbox_id: wholeNumber }), wrapped(body, 'campaign'))
  inboxOf(world, account.id, params.inbox_id)
  throw refused('Unsupported Inbox type')
}

/**
 * The account itself, its people and its bots (docs/platforms/chatwoot.md#inboxes, #profile-and-account,
 * #agents-bots-and-labels).
 */
export const accountRoutes: Route[] = [
  {
    method: 'GET',
    path: '',
    handle: ({ world, account: { id, name, locale } }) => ({
      id,
      name,
      locale,
      domain: null,
      features: {},
      settings: {},
      status: 'active',
      latest_chatwoot_version: world.version,
    }),
  },
  {
    method: 'GET',
    path: '/agents',
    handle: ({ world, account }) =>
      [...world.users.values()]
        .filter(({ roles }) => roles[account.id] !== undefined)
        .map((user) => agentJson(world, user, account.id)),
  },
  {
    method: 'GET',
    path: '/inbox_members/:inbox',
    handle: (request) =>
      membersJson(request, inboxOf(request.world, request.account.id, pathId(request, 'inbox'))),
  },
  {
    method: 'POST',
    path: '/inbox_members',
    administrator: true,
    handle: changeMembers(union),
  },
  {
    method: 'PATCH',
    path: '/inbox_members',
    administrator: true,
    handle: changeMembers((_, named) => [...new Set(named)]),
  },
  {
    method: 'DELETE',
    path: '/inbox_members',
    administrator: true,
    handle: changeMembers(without),
  },
  {
    method: 'GET',
    path: '/agent_bots',
    handle: ({ world, account, actor }) =>
      [...world.bots.values()]
        .filter(({ accountId }) => accountId === account.id)
        .map((bot) => botJson(world, bot, isAdministrator(actor))),
  },
  { method: 'POST', path: '/agent_bots', administrator: true, handle: createBot },
  { method: 'POST', path: '/campaigns', administrator: true, handle: createCampaign },
]
