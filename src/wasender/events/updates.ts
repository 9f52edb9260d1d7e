import { z } from 'zod'
import {
  ack,
  anything,
  asList,
  compact,
  entriesOf,
  isObject,
  type JsonObject,
  millis,
} from './fields.ts'
import { readKey, type WaKey } from './key.ts'
import { messageEvent } from './messages.ts'
import { readStub, STUB } from './stub.ts'
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
