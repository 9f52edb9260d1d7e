import { z } from 'zod'
import {
  type Ack,
  ack,
  anything,
  asList,
  compact,
  entriesOf,
  isObject,
  type JsonObject,
  millis,
  text,
  toAck,
} from './fields.ts'
import { readAddresses, readKey, type WaKey } from './key.ts'
import { messageEvent, readStub, STUB } from './messages.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

/**
 * `messages.update`: flat (`{key, update}`), nested (`{update: {key, update}}`) or a list of either. Besides statuses
 * it carries edits and revokes, which have none (docs/platforms/wasender.md#status-changes).
 */
export const readUpdates: ReadEvent = (data, event, timestamp) =>
  entriesOf(data, 'messages', 'updates').flatMap((entry) =>
    flatten(entry).flatMap(({ key, update }) => updateEvents({ key, update }, event, timestamp)),
  )

type Flat = { key: unknown; update: JsonObject }

function flatten(entry: unknown): Flat[] {
  if (!isObject(entry)) return [{ key: undefined, update: {} }]
  return asList(entry.update ?? entry).map((outer) => {
    if (!isObject(outer)) return { key: entry.key, update: {} }
    const update = isObject(outer.update) ? outer.update : outer
    // The outer key is the target; a revoke's update holds the key of the request besides.
    return { key: entry.key ?? outer.key ?? update.key, update }
  })
}

const updateSchema = z.object({
  status: ack,
  message: anything,
  messageStubType: anything,
  messageStubParameters: anything,
  messageTimestamp: millis,
})

type Update = { key: WaKey; event: string; raw: JsonObject; toldAt: number | undefined } & z.output<
  typeof updateSchema
>

/** Each looks for one meaning; an update may have several. */
const MEANINGS: readonly ((update: Update) => WasenderEvent | undefined)[] = [
  statusOf,
  revokeOf,
  editOf,
  contentOf,
]

function updateEvents(
  { key: rawKey, update: raw }: Flat,
  event: string,
  toldAt: number | undefined,
): WasenderEvent[] {
  const key = readKey(rawKey)
  if (key === undefined) return [unknownEvent(event, 'update without a usable key')]
  const update = { ...updateSchema.parse(raw), key, event, toldAt, raw: { ...raw, key: rawKey } }
  const found = MEANINGS.flatMap((meaning) => meaning(update) ?? [])
  if (found.length > 0) return found
  return [unknownEvent(event, 'update without status, edit, revoke or content')]
}

function statusOf({ key, status, messageStubParameters }: Update): WasenderEvent | undefined {
  if (status === undefined) return undefined
  const code: unknown = asList(messageStubParameters)[0]
  const errorCode =
    status === 0 && /^\d{1,6}$/.test(String(code)) ? { errorCode: String(code) } : {}
  return { type: 'status', key, status, ...errorCode }
}

function revokeOf(update: Update): WasenderEvent | undefined {
  const { stub } = readStub(update.messageStubType, [])
  // Beside a status, a null message is only an empty field.
  const emptied = update.message === null && update.status === undefined
  if (!emptied && stub?.type !== STUB.revoke) return undefined
  return { type: 'revoked', key: update.key, via: update.event }
}

function editOf(update: Update): WasenderEvent | undefined {
  const message = editedContent(update.message)
  if (message === undefined) return undefined
  const { key, messageTimestamp: at, toldAt } = update
  return { type: 'edited', key, message, ...compact({ at, toldAt }) }
}

/** A message that could not be decrypted at first gets its content by an update. */
function contentOf(update: Update): WasenderEvent | undefined {
  const { message } = update
  if (!isObject(message) || Object.keys(message).length === 0) return undefined
  if (editedContent(message) !== undefined || revokeOf(update) !== undefined) return undefined
  return messageEvent(update.raw, update.event)
}

/** What a message was changed to, from `editedMessage`, `protocolMessage` or the one inside the other. */
function editedContent(message: unknown): JsonObject | undefined {
  if (!isObject(message)) return undefined
  const { editedMessage, protocolMessage } = message
  if (isObject(editedMessage)) {
    const inner = isObject(editedMessage.message) ? editedMessage.message : editedMessage
    return editedContent(inner) ?? inner
  }
  return isObject(protocolMessage) ? editedContent(protocolMessage) : undefined
}

const receiptSchema = z.object({
  userJid: anything,
  receiptTimestamp: millis,
  readTimestamp: millis,
  playedTimestamp: millis,
  status: anything,
  t: millis,
})

type Receipt = z.output<typeof receiptSchema>

/**
 * `message-receipt.update`: one member's receipt, in the docs' or the SDK's spelling
 * (docs/platforms/wasender.md#group-receipts).
 */
export const readReceipts: ReadEvent = (data, event) =>
  entriesOf(data, 'message', 'messages').flatMap((entry) => {
    if (!isObject(entry)) return [unknownEvent(event, 'receipt that is no object')]
    return asList(entry.receipt).map((receipt) => receiptEvent(entry.key, receipt, event))
  })

function receiptEvent(rawKey: unknown, rawReceipt: unknown, event: string): WasenderEvent {
  const key = readKey(rawKey)
  const receipt = receiptSchema.safeParse(rawReceipt)
  const status = receipt.success ? ackOf(receipt.data) : undefined
  if (key === undefined || !receipt.success || status === undefined) {
    return unknownEvent(event, 'receipt without a usable key or status')
  }
  const { userJid, receiptTimestamp, readTimestamp, playedTimestamp, t } = receipt.data
  return {
    type: 'receipt',
    key,
    status,
    ...compact({
      member: readAddresses(userJid),
      at: playedTimestamp ?? readTimestamp ?? receiptTimestamp ?? t,
    }),
  }
}

/** The furthest of what the timestamps say. A receipt that says nothing more still says it arrived. */
function ackOf(receipt: Receipt): Ack | undefined {
  if (receipt.playedTimestamp !== undefined) return 5
  if (receipt.readTimestamp !== undefined) return 4
  if (receipt.status !== undefined && receipt.status !== null) return toAck(receipt.status)
  return 3
}

/** `messages.delete`: keys of deleted messages, or a whole chat cleared (docs/platforms/wasender.md#deletions). */
export const readDeletes: ReadEvent = (data, event) =>
  entriesOf(data, 'keys', 'messages').map((entry) => deleteEvent(entry, event))

function deleteEvent(entry: unknown, event: string): WasenderEvent {
  if (isObject(entry) && (entry.all === true || entry.all === 'true')) {
    const chat = readAddresses(entry)
    return chat === undefined
      ? unknownEvent(event, 'cleared chat without an address')
      : { type: 'chat-cleared', chat }
  }
  const key = readKey(isObject(entry) && isObject(entry.key) ? entry.key : entry)
  if (key === undefined) return unknownEvent(event, 'deleted message without a usable key')
  return { type: 'revoked', key, via: event }
}

const reactionSchema = z.object({
  key: anything,
  reaction: z.object({ key: anything, text, senderTimestampMs: millis }),
})

/** `messages.reaction`: the outer key is the message reacted to (docs/platforms/wasender.md#reactions). */
export const readReactions: ReadEvent = (data, event) =>
  entriesOf(data, 'messages', 'reactions').map((entry) => reactionEvent(entry, event))

function reactionEvent(entry: unknown, event: string): WasenderEvent {
  const parsed = reactionSchema.safeParse(entry)
  const target = parsed.success ? readKey(parsed.data.key) : undefined
  if (!parsed.success || target === undefined) {
    return unknownEvent(event, 'reaction without a usable key')
  }
  const { reaction } = parsed.data
  const own = readKey(reaction.key)
  return {
    type: 'reaction',
    target,
    text: reaction.text ?? '',
    ...compact({
      // The docs' example repeats the target's key here, which says nothing about the author.
      reactionKey: own?.id === target.id ? undefined : own,
      at: reaction.senderTimestampMs,
    }),
  }
}

const resultSchema = z.object({
  key: anything,
  pollResult: z.array(
    z.object({ name: z.string(), voters: z.array(z.unknown()).optional().catch(undefined) }),
  ),
})

/** `poll.results`: the whole tally of a poll sent through the API (docs/platforms/wasender.md#polls). */
export const readPollResults: ReadEvent = (data, event) =>
  entriesOf(data, 'messages').map((entry) => resultEvent(entry, event))

function resultEvent(entry: unknown, event: string): WasenderEvent {
  const parsed = resultSchema.safeParse(entry)
  const key = parsed.success ? readKey(parsed.data.key) : undefined
  if (!parsed.success || key === undefined) {
    return unknownEvent(event, 'poll result without a usable key or options')
  }
  const options = parsed.data.pollResult.map(({ name, voters = [] }) => ({
    name,
    // A voter written in an unknown way still voted.
    votes: voters.length,
    voters: voters.flatMap((voter) => readAddresses(voter) ?? []),
  }))
  return { type: 'poll-result', key, options }
}
