import { z } from 'zod'
import { type ApiRequest, pathId, type Route } from './api.ts'
import { type Invalid, rejectInvalid } from './errors.ts'
import { ofAccount } from './lookups.ts'
import { parse, text, wholeNumber, wrapped } from './params.ts'
import { webhookJson } from './payloads-inbox.ts'
import type { AccountWebhook, Json } from './types.ts'

const SUBSCRIPTIONS: readonly string[] = [
  'conversation_status_changed',
  'conversation_updated',
  'conversation_created',
  'contact_created',
  'contact_updated',
  'message_created',
  'message_updated',
  'webwidget_triggered',
  'inbox_created',
  'inbox_updated',
  'conversation_typing_on',
  'conversation_typing_off',
]

const webhookParams = z.object({
  url: text.optional(),
  name: text.nullable().optional(),
  subscriptions: z.array(text).optional(),
  inbox_id: wholeNumber.nullable().optional(),
})

function problems({ world, account }: ApiRequest, webhook: AccountWebhook): Invalid[] {
  const others = [...world.webhooks.values()].filter(
    ({ id, accountId }) => accountId === account.id && id !== webhook.id,
  )
  const { subscriptions, url } = webhook
  const known = subscriptions.every((name) => SUBSCRIPTIONS.includes(name))
  const found: [boolean, string, string][] = [
    [!/^https?:\/\//.test(url), 'url', 'Url is invalid'],
    [others.some((other) => other.url === url), 'url', 'Url has already been taken'],
    [subscriptions.length === 0 || !known, 'subscriptions', 'Subscriptions Invalid events'],
  ]
  return found.filter(([wrong]) => wrong).map(([, attribute, message]) => ({ attribute, message }))
}

function changed(request: ApiRequest, webhook: AccountWebhook): AccountWebhook {
  const params = parse(webhookParams, wrapped(request.body, 'webhook'))
  return {
    ...webhook,
    url: params.url ?? webhook.url,
    name: params.name === undefined ? webhook.name : params.name,
    subscriptions: params.subscriptions ?? webhook.subscriptions,
    inboxId: params.inbox_id === undefined ? webhook.inboxId : params.inbox_id,
  }
}

const webhookAt = (request: ApiRequest) =>
  ofAccount(request.world.webhooks.get(pathId(request, 'webhook')), request.account.id)

function store(request: ApiRequest, webhook: AccountWebhook): Json {
  request.world.webhooks.set(webhook.id, webhook)
  return { payload: { webhook: webhookJson(request.world, webhook) } }
}

function create(request: ApiRequest): Json {
  const { world, account } = request
  const empty: AccountWebhook = {
    id: 0,
    accountId: account.id,
    inboxId: null,
    name: null,
    url: '',
    subscriptions: [],
    secret: world.random.token(),
  }
  const webhook = changed(request, empty)
  rejectInvalid(problems(request, webhook))
  return store(request, { ...webhook, id: world.nextId('webhook') })
}

function update(request: ApiRequest): Json {
  const webhook = changed(request, webhookAt(request))
  rejectInvalid(problems(request, webhook))
  return store(request, webhook)
}

/** Account webhooks (docs/platforms/chatwoot.md#account-webhooks). */
export const webhookRoutes: Route[] = [
  {
    method: 'GET',
    path: '/webhooks',
    administrator: true,
    handle: ({ world, account }) => ({
      payload: {
        webhooks: [...world.webhooks.values()]
          .filter(({ accountId }) => accountId === account.id)
          .map((webhook) => webhookJson(world, webhook)),
      },
    }),
  },
  { method: 'POST', path: '/webhooks', administrator: true, handle: create },
  { method: 'PATCH', path: '/webhooks/:webhook', administrator: true, handle: update },
  {
    method: 'DELETE',
    path: '/webhooks/:webhook',
    administrator: true,
    handle: (request) => void request.world.webhooks.delete(webhookAt(request).id),
  },
]
