import { createHash } from 'node:crypto'
import { z } from 'zod'
import { asId, type MsgId } from '../../../kernel/ids.ts'
import { maskText } from '../api/mask.ts'
import { type Address, parseAddress } from '../jid.ts'
import { meaningOfCode, meaningOfWords } from '../refusal-meaning.ts'
import {
  ack,
  anything,
  compact,
  count,
  entriesOf,
  flag,
  isObject,
  type JsonObject,
  label,
  millis,
  node,
  text,
} from './fields.ts'
import { readKey } from './key.ts'
import {
  type MessageContent,
  type ReadEvent,
  type SendFailedEvent,
  unknownEvent,
  type WasenderEvent,
} from './types.ts'

const messageSchema = z.object({
  key: anything,
  id: text,
  remoteJid: text,
  message: node,
  messageBody: text,
  contextInfo: node,
  messageTimestamp: millis,
  pushName: text,
  verifiedBizName: label,
  broadcast: flag,
  status: ack,
  messageStubType: anything,
  messageStubParameters: anything,
})

/** Reads one `Msg` (docs/platforms/wasender.md#message-object); `undefined` without a usable key. */
function readMessageContent(entry: unknown): MessageContent | undefined {
  const parsed = messageSchema.safeParse(entry)
  if (!parsed.success) return undefined
  const raw = parsed.data
  const key = readKey(raw.key, raw)
  if (key === undefined) return undefined
  return {
    key,
    ...compact({
      message: withContext(raw.message, raw.contextInfo),
      messageBody: raw.messageBody,
      at: raw.messageTimestamp,
      pushName: raw.pushName?.trim() ? raw.pushName : (raw.verifiedBizName ?? raw.pushName),
      status: raw.status,
      broadcast: raw.broadcast,
    }),
    ...readStub(raw.messageStubType, raw.messageStubParameters),
  }
}

/** The gateway may put the context beside the message; there it belongs to the message all the same. */
function withContext(
  message: Record<string, unknown> | undefined,
  contextInfo: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  if (message === undefined || contextInfo === undefined || 'contextInfo' in message) return message
  return { ...message, contextInfo }
}

/** One entry of any of the events that carry messages. */
export function messageEvent(entry: unknown, via: string): WasenderEvent {
  const content = readMessageContent(entry)
  if (content === undefined) return unknownEvent(via, 'message without a usable key')
  // History shows a message that was deleted for everyone as an empty one of this stub type.
  if (content.message === undefined && content.stub?.type === STUB.revoke) {
    return { type: 'revoked', key: content.key, via }
  }
  return { type: 'message', ...content, via }
}

/** `messages.upsert` and the three or four names of `messages*.received`. */
export const readMessages: ReadEvent = (data, event) =>
  entriesOf(data, 'messages').map((entry) => messageEvent(entry, event))

/** Stub types the bridge acts on (docs/platforms/wasender.md#kinds-of-message, #status-changes). */
export const STUB = { revoke: 1, undecryptable: 2 } as const

const NAMES: ReadonlyMap<string, number> = new Map([
  ['REVOKE', STUB.revoke],
  ['CIPHERTEXT', STUB.undecryptable],
])

/** Reads `messageStubType` and its parameters. 0 is protobuf's way to say there is none. */
export function readStub(
  type: unknown,
  parameters: unknown,
): { stub?: { type: number; parameters: string[] } } {
  const number = typeof type === 'string' ? (NAMES.get(type) ?? Number(type)) : type
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number <= 0) return {}
  const list = Array.isArray(parameters) ? parameters : []
  const texts = list.filter((parameter) => typeof parameter === 'string')
  return compact({ stub: { type: number, parameters: texts } })
}

const outcomeSchema = z.object({
  success: flag,
  error: anything,
  code: anything,
  errorCode: anything,
  msgId: count,
  key: anything,
})

/**
 * `message.sent`: success with a key, or failure with little more than a text
 * (docs/platforms/wasender.md#sent-or-failed).
 */
export const readSent: ReadEvent = (data, event, at) => {
  const entries = entriesOf(data, 'messages')
  // What stands beside a `messages` wrapper is about its entry, as long as there is only one.
  const shared: JsonObject = entries.length === 1 && isObject(data) ? data : {}
  return entries.map((entry, place) => {
    const told = at === undefined ? undefined : `${at} ${place}`
    return sentEvent(isObject(entry) ? { ...shared, ...entry } : entry, event, told)
  })
}

/** `told`: when the webhook was sent, and the entry's place in it. */
function sentEvent(entry: unknown, event: string, told: string | undefined): WasenderEvent {
  const outcome = outcomeSchema.safeParse(entry)
  if (!outcome.success) return unknownEvent(event, 'send result that is no object')
  const { success, error, msgId } = outcome.data
  const content = readMessageContent(entry)
  const succeeded = success ?? (error === undefined || error === null || content !== undefined)
  if (!succeeded) return failure(outcome.data, told)
  if (content === undefined) return unknownEvent(event, 'sent message without a usable key')
  const key =
    content.key.msgId === undefined && msgId !== undefined
      ? { ...content.key, msgId: asId<MsgId>(msgId) }
      : content.key
  return { type: 'sent', ...content, key }
}

function failure(
  outcome: z.output<typeof outcomeSchema>,
  told: string | undefined,
): SendFailedEvent {
  const words = errorText(outcome.error)
  const key = readKey(outcome.key)
  return {
    type: 'send-failed',
    ...compact({
      to: key?.chat ?? addressIn(words),
      key,
      msgId: outcome.msgId === undefined ? key?.msgId : asId<MsgId>(outcome.msgId),
      digest: told === undefined ? undefined : digestOf(`${told} ${words}`),
    }),
    ...whyFailed(outcome, words),
  }
}

function whyFailed(
  { error, code, errorCode }: z.output<typeof outcomeSchema>,
  words: string,
): Pick<SendFailedEvent, 'reason' | 'errorCode' | 'words'> {
  const codes = [code, errorCode, isObject(error) ? error.code : error].map(meaningOfCode)
  const meaning = codes.find((found) => found !== undefined) ?? meaningOfWords(words)
  if (meaning === 'not-on-whatsapp') return { reason: 'invalid-number' }
  if (meaning !== undefined) return { reason: 'unspecified', errorCode: meaning }
  const masked = maskText(words)
  return { reason: 'unspecified', ...(masked === '' ? {} : { words: masked }) }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

function errorText(error: unknown): string {
  if (typeof error === 'string') return error
  return isObject(error) && typeof error.message === 'string' ? error.message : ''
}

/** Anything that may be a number or a JID within a sentence. */
const ADDRESS_LIKE = /\+?\d+(?:[-:_]\d+)*(?:@[a-z]+(?:\.[a-z]+)*)?/gi

/** The address a sentence speaks of. Marked ones come before bare digits, which may be some code. */
function addressIn(words: string): Address | undefined {
  const found = words.match(ADDRESS_LIKE) ?? []
  const marked = found.filter((word) => /[+@]/.test(word))
  for (const word of [...marked, ...found]) {
    const address = parseAddress(word)
    if (address !== undefined) return address
  }
  return undefined
}
