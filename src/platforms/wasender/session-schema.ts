import { z } from 'zod'
import { readCredential } from '../../kernel/credential.ts'
import { flag, integer, maybe, text } from './api/fields.ts'
import { parseSessionStatus } from './session-status.ts'

const sessionFields = z.looseObject({
  id: integer,
  name: maybe(text),
  phone_number: maybe(text),
  status: maybe(z.string()),
  account_protection: maybe(flag),
  log_messages: maybe(flag),
  read_incoming_messages: maybe(flag),
  webhook_url: maybe(text),
  webhook_enabled: maybe(flag),
  webhook_events: maybe(z.array(z.string())),
  ignore_groups: maybe(flag),
  ignore_channels: maybe(flag),
  ignore_broadcasts: maybe(flag),
  api_key: z.unknown().optional().transform(readCredential),
  webhook_secret: z.unknown().optional().transform(readCredential),
})

/**
 * A session as the personal access token sees it. `apiKey` and `webhookSecret` are absent in lists; both are
 * credentials (docs/platforms/wasender.md#session-settings).
 */
export type Session = ReturnType<typeof toSession>

function toSession(raw: z.output<typeof sessionFields>) {
  return {
    id: raw.id,
    name: raw.name,
    phoneNumber: raw.phone_number,
    status: parseSessionStatus(raw.status),
    accountProtection: raw.account_protection,
    logMessages: raw.log_messages,
    readIncomingMessages: raw.read_incoming_messages,
    webhookUrl: raw.webhook_url,
    webhookEnabled: raw.webhook_enabled,
    webhookEvents: raw.webhook_events,
    ignoreGroups: raw.ignore_groups,
    ignoreChannels: raw.ignore_channels,
    ignoreBroadcasts: raw.ignore_broadcasts,
    apiKey: raw.api_key,
    webhookSecret: raw.webhook_secret,
  }
}

export const session = sessionFields.transform(toSession)

/**
 * A session after a change. A `warning` means that the webhook settings are stored but not in
 * effect.
 */
export const changedSession = sessionFields
  .extend({ warning: maybe(text) })
  .transform((raw) => ({ session: toSession(raw), warning: raw.warning }))

/** What can be set on a session (docs/platforms/wasender.md#session-settings). */
export type SessionSettings = {
  name: string
  /** E.164, with `+`. */
  phoneNumber: string
  /** One send per five seconds. */
  accountProtection: boolean
  logMessages: boolean
  readIncomingMessages: boolean
  webhookUrl: string
  webhookEnabled: boolean
  webhookEvents: readonly string[]
  autoRejectCalls: boolean
  ignoreGroups: boolean
  ignoreChannels: boolean
  ignoreBroadcasts: boolean
  alwaysOnline: boolean
  proxyUrl: string
}

/** A new session needs these four. */
export type NewSession = Pick<
  SessionSettings,
  'name' | 'phoneNumber' | 'accountProtection' | 'logMessages'
> &
  Partial<SessionSettings>

const FIELDS: { readonly [Setting in keyof SessionSettings]: string } = {
  name: 'name',
  phoneNumber: 'phone_number',
  accountProtection: 'account_protection',
  logMessages: 'log_messages',
  readIncomingMessages: 'read_incoming_messages',
  webhookUrl: 'webhook_url',
  webhookEnabled: 'webhook_enabled',
  webhookEvents: 'webhook_events',
  autoRejectCalls: 'auto_reject_calls',
  ignoreGroups: 'ignore_groups',
  ignoreChannels: 'ignore_channels',
  ignoreBroadcasts: 'ignore_broadcasts',
  alwaysOnline: 'always_online',
  proxyUrl: 'proxy_url',
}

/** The settings that are given, under the gateway's names. */
export function settingsBody(settings: Partial<SessionSettings>): Record<string, unknown> {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  const fields: Readonly<Record<string, string>> = FIELDS
  return Object.fromEntries(given.map(([setting, value]) => [fields[setting] ?? setting, value]))
}
