import { z } from 'zod'
import { type ApiRequest, pathId, type Route } from './api.ts'
import { isAdministrator, maySee } from './auth.ts'
import { crashed, forbiddenRole } from './errors.ts'
import { changeInbox, createInbox } from './inboxes.ts'
import { inboxOf, ofAccount } from './lookups.ts'
import { flag, object, parse, text, wholeNumber } from './params.ts'
import { inboxJson } from './payloads-inbox.ts'
import { removeInbox } from './removal.ts'
import type { Inbox, InboxSettings, Json } from './types.ts'

const CHANNELS: Readonly<Record<string, string>> = {
  api: 'Channel::Api',
  web_widget: 'Channel::WebWidget',
  email: 'Channel::Email',
  line: 'Channel::Line',
  telegram: 'Channel::Telegram',
  whatsapp: 'Channel::Whatsapp',
  sms: 'Channel::Sms',
}

const channelParams = z.object({
  type: text.nullish(),
  webhook_url: text.nullish(),
  hmac_mandatory: flag.nullish(),
  additional_attributes: object.nullish(),
})

const settingParams = z.object({
  greeting_enabled: flag.optional(),
  greeting_message: text.nullable().optional(),
  working_hours_enabled: flag.optional(),
  enable_email_collect: flag.optional(),
  csat_survey_enabled: flag.optional(),
  csat_config: object.optional(),
  enable_auto_assignment: flag.optional(),
  auto_assignment_config: object.optional(),
  out_of_office_message: text.nullable().optional(),
  timezone: text.optional(),
  allow_messages_after_resolved: flag.optional(),
  lock_to_single_conversation: flag.optional(),
  sender_name_type: text.optional(),
  business_name: text.nullable().optional(),
})
const inboxParams = settingParams.extend({
  name: text.nullish(),
  channel: channelParams.nullish(),
})

/** The text "null" in a top-level parameter means null (docs/platforms/chatwoot.md#inboxes). */
const withNulls = (body: Json): Json =>
  Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, value === 'null' ? null : value]),
  )

function settingsIn(body: Json): Partial<InboxSettings> {
  const settings = parse(settingParams, withNulls(body))
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given)
}

const shown = ({ world, actor }: ApiRequest, inbox: Inbox) =>
  inboxJson(world, inbox, isAdministrator(actor))

function inboxAt(request: ApiRequest): Inbox {
  const inbox = inboxOf(request.world, request.account.id, pathId(request, 'inbox'))
  if (!maySee(request.actor, inbox)) throw forbiddenRole()
  return inbox
}

function create(request: ApiRequest): Json {
  const { name, channel } = parse(inboxParams, withNulls(request.body))
  const channelType = CHANNELS[channel?.type ?? '']
  if (!channel || channelType === undefined) throw crashed()
  const inbox = createInbox(request.world, request.account.id, {
    name: name ?? '',
    channelType,
    webhookUrl: channel.webhook_url ?? null,
    hmacMandatory: channel.hmac_mandatory ?? false,
    additionalAttributes: channel.additional_attributes ?? {},
    settings: settingsIn(request.body),
  })
  return shown(request, inbox)
}

function update(request: ApiRequest): Json {
  const inbox = inboxAt(request)
  const { name, channel } = parse(inboxParams, withNulls(request.body))
  const values: Partial<Inbox> = {
    name: name === undefined ? inbox.name : (name ?? ''),
    settings: { ...inbox.settings, ...settingsIn(request.body) },
    hmacMandatory: channel?.hmac_mandatory ?? inbox.hmacMandatory,
    additionalAttributes: channel?.additional_attributes ?? inbox.additionalAttributes,
  }
  if (channel?.webhook_url !== undefined) values.webhookUrl = channel.webhook_url
  changeInbox(request.world, inbox, values)
  return shown(request, inbox)
}

function renew(key: 'secret' | 'hmacToken') {
  return (request: ApiRequest): Json => {
    const inbox = inboxAt(request)
    changeInbox(request.world, inbox, { [key]: request.world.random.token() })
    return shown(request, inbox)
  }
}

function setBot(request: ApiRequest): void {
  const inbox = inboxAt(request)
  const { agent_bot: id } = parse(z.object({ agent_bot: wholeNumber.nullish() }), request.body)
  const bot = id ? ofAccount(request.world.bots.get(id), request.account.id) : undefined
  changeInbox(request.world, inbox, { agentBotId: bot?.id ?? null })
}

function remove(request: ApiRequest): Json {
  removeInbox(request.world, inboxAt(request))
  return { message: 'Your inbox deletion request will be processed in some time.' }
}

/** Inboxes (docs/platforms/chatwoot.md#inboxes). */
export const inboxRoutes: Route[] = [
  {
    method: 'GET',
    path: '/inboxes',
    handle: (request) => ({
      payload: [...request.world.inboxes.values()]
        .filter(({ accountId }) => accountId === request.account.id)
        .filter((inbox) => maySee(request.actor, inbox))
        .map((inbox) => shown(request, inbox)),
    }),
  },
  {
    method: 'GET',
    path: '/inboxes/:inbox',
    handle: (request) => shown(request, inboxAt(request)),
  },
  { method: 'POST', path: '/inboxes', administrator: true, handle: create },
  { method: 'PATCH', path: '/inboxes/:inbox', administrator: true, handle: update },
  { method: 'DELETE', path: '/inboxes/:inbox', administrator: true, handle: remove },
  {
    method: 'POST',
    path: '/inboxes/:inbox/reset_secret',
    administrator: true,
    since: 'inboxSignature',
    handle: renew('secret'),
  },
  {
    method: 'POST',
    path: '/inboxes/:inbox/rotate_hmac_token',
    administrator: true,
    since: 'rotateHmac',
    handle: renew('hmacToken'),
  },
  { method: 'POST', path: '/inboxes/:inbox/set_agent_bot', administrator: true, handle: setBot },
]
