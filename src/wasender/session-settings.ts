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
