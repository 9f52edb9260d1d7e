import { z } from 'zod'
import { stripSessionId } from '../webhook.ts'
import { readCalls } from './calls.ts'
import { readChats, readContacts } from './chats.ts'
import { anything, compact, millis } from './fields.ts'
import { readGroups, readJoinRequest, readParticipants } from './groups.ts'
import { readMessages, readSent } from './messages.ts'
import { readPasskey, readQr, readSessionStatus } from './session.ts'
import { type ParsedWebhook, type ReadEvent, unknownEvent } from './types.ts'
import {
  readDeletes,
  readPollResults,
  readReactions,
  readReceipts,
  readUpdates,
} from './updates.ts'

const readTest: ReadEvent = () => [{ type: 'test' }]

/** Every documented event, and the aliases in the vendor's client (docs/platforms/wasender.md#events). */
const READERS: ReadonlyMap<string, ReadEvent> = new Map([
  ['messages.upsert', readMessages],
  ['messages.received', readMessages],
  ['messages-personal.received', readMessages],
  ['messages-group.received', readMessages],
  ['messages-newsletter.received', readMessages],
  ['message.sent', readSent],
  ['messages.update', readUpdates],
  ['messages.delete', readDeletes],
  ['message-receipt.update', readReceipts],
  ['messages.reaction', readReactions],
  ['poll.results', readPollResults],
  ['call', readCalls],
  ['call.received', readCalls],
  ['session.status', readSessionStatus],
  ['qrcode.updated', readQr],
  ['passkey.updated', readPasskey],
  ['chats.upsert', readChats('upsert')],
  ['chats.update', readChats('update')],
  ['chats.delete', readChats('delete')],
  ['contacts.upsert', readContacts('upsert')],
  ['contacts.update', readContacts('update')],
  ['groups.upsert', readGroups('upsert')],
  ['groups.update', readGroups('update')],
  ['group-participants.update', readParticipants],
  ['group.join-request', readJoinRequest],
  ['webhook.test', readTest],
])

/** Names of the events that are understood. */
export const wasenderEventNames: readonly string[] = [...READERS.keys()]

/** Names that receivers were seen to expect (docs/platforms/wasender.md#events), and those that are documented. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['message.received', 'messages.received'],
  ['messages.sent', 'message.sent'],
  ['messages.status', 'messages.update'],
  ['connection.update', 'session.status'],
])

/**
 * Understood, but no names a session can be subscribed to: an alias of the SDK, the dashboard's test, and one that the
 * library behind the gateway has.
 */
const UNLISTED = new Set(['call.received', 'webhook.test', 'group.join-request'])

/** What to put into a session's `webhook_events` (docs/platforms/wasender.md#events). */
export const wasenderSubscriptions: readonly string[] = wasenderEventNames.filter(
  (name) => !UNLISTED.has(name),
)

/** The name goes into logs and metric labels, so it must be one and not some text or number. */
const EVENT_NAME = /^(?!.*\d{5})[\w.-]{1,64}$/
const UNNAMED = 'unnamed'

const envelopeSchema = z.object({
  event: z.string().regex(EVENT_NAME),
  data: anything,
  timestamp: millis,
})

/**
 * Turns a webhook body of any variant into canonical events. Never throws for anything `JSON.parse` can
 * return: what is not understood becomes an `unknown` event, so that the sender still gets its 200. The
 * session's API key in `sessionId` is dropped first and cannot appear in the result.
 */
export function parseWasenderWebhook(body: unknown): ParsedWebhook {
  const envelope = envelopeSchema.safeParse(stripSessionId(body))
  if (!envelope.success) {
    return { event: UNNAMED, events: [unknownEvent(UNNAMED, 'body without an event name')] }
  }
  const { event: name, data, timestamp } = envelope.data
  const event = OTHER_NAMES.get(name) ?? name
  const read = READERS.get(event)
  const events =
    read === undefined
      ? [unknownEvent(event, 'event of an unknown name')]
      : read(data, event, timestamp)
  return { event, ...compact({ at: timestamp }), events }
}
