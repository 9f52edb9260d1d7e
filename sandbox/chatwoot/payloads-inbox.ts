import type { World } from './state.ts'
import { iso } from './times.ts'
import type { AccountWebhook, AgentBot, Inbox, Json, User } from './types.ts'

/** Monday to Friday, nine to five: what a new inbox has. */
const WORKING_HOURS = [0, 1, 2, 3, 4, 5, 6].map((day) => {
  const closed = day === 0 || day === 6
  return {
    day_of_week: day,
    closed_all_day: closed,
    open_hour: closed ? null : 9,
    open_minutes: closed ? null : 0,
    close_hour: closed ? null : 17,
    close_minutes: closed ? null : 0,
    open_all_day: false,
  }
})

/** The inbox object; tokens and secrets are for administrators (docs/platforms/chatwoot.md#inboxes). */
export function inboxJson(world: World, inbox: Inbox, forAdministrator: boolean): Json {
  const { portal_id: _, ...settings } = inbox.settings
  return {
    id: inbox.id,
    avatar_url: '',
    channel_id: inbox.channelId,
    name: inbox.name,
    channel_type: inbox.channelType,
    ...settings,
    working_hours: WORKING_HOURS,
    callback_webhook_url: null,
    ...(world.has('laterFields') ? { allowed_domains: null } : {}),
    widget_color: null,
    website_url: null,
    hmac_mandatory: inbox.hmacMandatory,
    welcome_title: null,
    welcome_tagline: null,
    web_widget_script: null,
    website_token: null,
    selected_feature_flags: null,
    reply_time: null,
    messaging_service_sid: null,
    phone_number: null,
    ...(forAdministrator ? { hmac_token: inbox.hmacToken } : {}),
    ...(forAdministrator && world.has('inboxSignature') ? { secret: inbox.secret } : {}),
    webhook_url: inbox.webhookUrl,
    inbox_identifier: inbox.identifier,
    additional_attributes: inbox.additionalAttributes,
    provider: null,
  }
}

/** The bare row, as the answer to a contact create shows it. */
export function inboxRow(inbox: Inbox): Json {
  return {
    id: inbox.id,
    channel_id: inbox.channelId,
    account_id: inbox.accountId,
    name: inbox.name,
    created_at: iso(inbox.createdAt),
    updated_at: iso(inbox.updatedAt),
    channel_type: inbox.channelType,
    email_address: null,
    ...inbox.settings,
  }
}

/** The inbox of the public API (docs/platforms/chatwoot.md#public-api). */
export const publicInboxJson = (inbox: Inbox): Json => ({
  identifier: inbox.identifier,
  identity_validation_enabled: inbox.hmacMandatory,
  name: inbox.name,
  timezone: inbox.settings.timezone,
  working_hours: WORKING_HOURS,
  working_hours_enabled: inbox.settings.working_hours_enabled,
  csat_survey_enabled: inbox.settings.csat_survey_enabled,
  greeting_enabled: inbox.settings.greeting_enabled,
})

export function webhookJson(world: World, webhook: AccountWebhook): Json {
  return {
    id: webhook.id,
    ...(world.has('laterFields') ? { name: webhook.name } : {}),
    url: webhook.url,
    account_id: webhook.accountId,
    subscriptions: webhook.subscriptions,
    ...(world.has('accountSignature') ? { secret: webhook.secret } : {}),
  }
}

export function botJson(world: World, bot: AgentBot, forAdministrator: boolean): Json {
  return {
    id: bot.id,
    name: bot.name,
    description: bot.description,
    thumbnail: '',
    outgoing_url: bot.outgoingUrl,
    bot_type: 'webhook',
    bot_config: {},
    account_id: bot.accountId,
    ...(forAdministrator ? { access_token: bot.token } : {}),
    ...(forAdministrator && world.has('inboxSignature') ? { secret: bot.secret } : {}),
    system_bot: false,
  }
}

/** `GET /api/v1/profile` (docs/platforms/chatwoot.md#profile-and-account). */
export function profileJson(world: World, user: User): Json {
  const accounts = Object.entries(user.roles).map(([id, role]) => ({
    id: Number(id),
    name: world.accounts.get(Number(id))?.name,
    status: 'active',
    ...(world.has('laterFields') ? { onboarding_step: null } : {}),
    active_at: null,
    role,
    permissions: [role],
    availability: 'online',
    availability_status: 'offline',
    auto_offline: true,
    ...(world.has('apiPlan') ? { api_and_webhooks: true } : {}),
    custom_role_id: null,
    custom_role: null,
  }))
  return {
    access_token: user.token,
    account_id: accounts[0]?.id ?? null,
    available_name: user.availableName,
    avatar_url: '',
    confirmed: true,
    display_name: null,
    message_signature: null,
    email: user.email,
    id: user.id,
    inviter_id: null,
    name: user.name,
    provider: 'email',
    pubsub_token: user.pubsubToken,
    role: accounts[0]?.role ?? 'agent',
    ui_settings: {},
    uid: user.email,
    type: null,
    accounts,
  }
}
