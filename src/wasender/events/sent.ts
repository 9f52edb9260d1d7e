import { createHash } from 'node:crypto'
import { z } from 'zod'
import { asId, type MsgId } from '../../ids.ts'
import { maskText } from '../api/mask.ts'
import { type Address, parseAddress } from '../jid.ts'
import { meaningOfCode, meaningOfWords } from '../refusal-meaning.ts'
import { anything, compact, count, entriesOf, flag, isObject, type JsonObject } from './fields.ts'
import { readKey } from './key.ts'
import type { SendFailedEvent } from './message-types.ts'
import { readMessageContent } from './messages.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

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
