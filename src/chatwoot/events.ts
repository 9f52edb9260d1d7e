import { ZodError } from 'zod'
import {
  contactReader,
  conversationReader,
  messageReader,
  type Reader,
  typingReader,
} from './events/readers.ts'
import type { ChatwootEvent, UnknownEvent } from './events/types.ts'
import { isRecord } from './shapes/lenient.ts'

export type {
  Changes,
  ChatwootEvent,
  ContactEvent,
  ConversationEvent,
  MessageEvent,
  OtherEvent,
  TypingEvent,
  UnknownEvent,
} from './events/types.ts'

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['message_created', messageReader('created')],
  ['message_updated', messageReader('updated')],
  ['conversation_created', conversationReader('created')],
  ['conversation_updated', conversationReader('updated')],
  ['conversation_status_changed', conversationReader('status_changed')],
  ['conversation_typing_on', typingReader(true)],
  ['conversation_typing_off', typingReader(false)],
  ['contact_created', contactReader('created')],
  ['contact_updated', contactReader('updated')],
  ['contact_deleted', contactReader('deleted')],
])

/**
 * Events of account webhooks, agent bots and macros that the bridge has no use for
 * (docs/platforms/chatwoot.md#kinds-of-webhook).
 */
const IRRELEVANT = new Set([
  'inbox_created',
  'inbox_updated',
  'webwidget_triggered',
  'conversation_opened',
  'conversation_resolved',
  'macro.executed',
])

/** Names of the events that are known, whether the bridge has a use for them or not. */
export const chatwootEventNames: readonly string[] = [...READERS.keys(), ...IRRELEVANT]

/**
 * Reads the JSON of a Chatwoot webhook. Never throws, whatever the body: what cannot be read becomes `unknown`, so that
 * the route can still answer 2xx. Minds the traps of docs/platforms/chatwoot.md#payloads, and copies no credential
 * (`pubsub_token`, an inbox's `secret`).
 */
export function parseChatwootWebhook(body: unknown): ChatwootEvent {
  if (!isRecord(body)) return { type: 'unknown', reason: 'not-an-object' }
  const event = eventName(body.event)
  if (event === undefined) return { type: 'unknown', reason: 'no-event' }
  if (IRRELEVANT.has(event) || event.startsWith('automation_event.'))
    return { type: 'other', event }
  const read = READERS.get(event)
  if (read === undefined) return { type: 'unknown', event, reason: 'unknown-event' }
  try {
    return read(body)
  } catch (error) {
    if (error instanceof ZodError) return unreadable(event, error)
    throw error
  }
}

/** The name ends up in logs and metrics, so it has to look like one. */
function eventName(value: unknown): string | undefined {
  return typeof value === 'string' && /^(?!.*\d{5})[a-z][\w.:-]{0,63}$/i.test(value)
    ? value
    : undefined
}

function unreadable(event: string, error: ZodError): UnknownEvent {
  const fields = error.issues.map((issue) => issue.path.join('.'))
  return { type: 'unknown', event, reason: 'unreadable', fields: [...new Set(fields)] }
}
