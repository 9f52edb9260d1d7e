import type { Random } from './random.ts'

/** All that are documented (docs/platforms/wasender.md#session-states). */
export const SESSION_STATUSES = [
  'connecting',
  'connected',
  'disconnected',
  'need_scan',
  'need_passkey',
  'logged_out',
  'expired',
  'error',
] as const
export type SessionStatus = (typeof SESSION_STATUSES)[number]

/** The 23 event names (docs/platforms/wasender.md#events). */
export const WEBHOOK_EVENTS = [
  'messages.received',
  'messages-personal.received',
  'messages-group.received',
  'messages-newsletter.received',
  'messages.upsert',
  'message.sent',
  'messages.update',
  'messages.delete',
  'message-receipt.update',
  'messages.reaction',
  'poll.results',
  'call',
  'session.status',
  'qrcode.updated',
  'passkey.updated',
  'chats.upsert',
  'chats.update',
  'chats.delete',
  'contacts.upsert',
  'contacts.update',
  'groups.upsert',
  'groups.update',
  'group-participants.update',
] as const

/** One WhatsApp session of the account. Tests may change any field at any time. */
export type Session = {
  readonly id: number
  name: string
  /** E.164 with `+`. */
  phoneNumber: string
  /** Digits of our own LID. */
  lid: string
  apiKey: string
  webhookSecret: string
  status: SessionStatus
  /** Whether WhatsApp still trusts this device: connecting again needs no QR then. */
  paired: boolean
  qr?: string | undefined
  accountProtection: boolean
  logMessages: boolean
  readIncomingMessages: boolean
  webhookUrl: string | null
  webhookEnabled: boolean
  webhookEvents: string[] | null
  /** False after an update whose sync failed: the engine does not deliver then. */
  webhookLive: boolean
  /** Makes the next updates answer with `warning`. */
  webhookSyncFails: boolean
  autoRejectCalls: boolean
  ignoreGroups: boolean
  ignoreChannels: boolean
  ignoreBroadcasts: boolean
  alwaysOnline: boolean
  proxyUrl: string | null
  createdAt: string
  updatedAt: string
}

export type SessionOptions = Partial<
  Omit<Session, 'webhookLive' | 'qr' | 'createdAt' | 'updatedAt'>
>

/** A session with sensible values for everything not given: connected, unprotected, subscribed to every event. */
export function createSession(
  options: SessionOptions & { id: number },
  { random, now }: { random: Random; now: number },
): Session {
  const at = new Date(now).toISOString()
  const status = options.status ?? 'connected'
  return {
    name: 'Business WhatsApp',
    phoneNumber: `+1555000${2221 + options.id}`,
    lid: String(258540000000001 + options.id),
    apiKey: random.bytes(32).toString('hex'),
    webhookSecret: random.bytes(16).toString('hex'),
    accountProtection: false,
    logMessages: true,
    readIncomingMessages: false,
    webhookUrl: null,
    webhookEnabled: true,
    webhookEvents: [...WEBHOOK_EVENTS],
    webhookSyncFails: false,
    autoRejectCalls: false,
    ignoreGroups: false,
    ignoreChannels: false,
    ignoreBroadcasts: false,
    alwaysOnline: false,
    proxyUrl: null,
    paired: status === 'connected' || status === 'connecting' || status === 'disconnected',
    ...options,
    status,
    webhookLive: true,
    createdAt: at,
    updatedAt: at,
  }
}
