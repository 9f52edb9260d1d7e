import type { Session } from './session.ts'

/** Field of the HTTP API to field of {@link Session} (docs/platforms/wasender.md#session-settings). */
export const SETTINGS = {
  name: 'name',
  phone_number: 'phoneNumber',
  account_protection: 'accountProtection',
  log_messages: 'logMessages',
  read_incoming_messages: 'readIncomingMessages',
  webhook_url: 'webhookUrl',
  webhook_enabled: 'webhookEnabled',
  webhook_events: 'webhookEvents',
  auto_reject_calls: 'autoRejectCalls',
  ignore_groups: 'ignoreGroups',
  ignore_channels: 'ignoreChannels',
  ignore_broadcasts: 'ignoreBroadcasts',
  always_online: 'alwaysOnline',
  proxy_url: 'proxyUrl',
} as const satisfies Record<string, keyof Session>

/** A row of the list, without secrets. */
export function sessionRow(session: Session): Record<string, unknown> {
  const settings = Object.entries(SETTINGS).map(([field, key]) => [field, session[key]])
  return {
    id: session.id,
    ...Object.fromEntries(settings),
    status: session.status,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
  }
}

/** The answer of create, get and update, with both secrets. */
export function sessionBody(session: Session): Record<string, unknown> {
  return { ...sessionRow(session), api_key: session.apiKey, webhook_secret: session.webhookSecret }
}

/** Takes the settings present in a request body over into `session`. */
export function applySettings(session: Session, settings: Record<string, unknown>): void {
  for (const [field, key] of Object.entries(SETTINGS)) {
    if (field in settings) Object.assign(session, { [key]: settings[field] })
  }
}
