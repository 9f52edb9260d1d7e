import { z } from 'zod'
import { ack, anything, compact, entriesOf, flag, label, millis, node, text } from './fields.ts'
import { readKey } from './key.ts'
import type { MessageContent } from './message-types.ts'
import { readStub, STUB } from './stub.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

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
export function readMessageContent(entry: unknown): MessageContent | undefined {
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
