import type { Account } from '../../accounts/account.ts'
import { asId, type ChatId } from '../../kernel/ids.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { OutEvent } from '../events.ts'
import type { NewSend } from '../sends/journal.ts'
import type { Quote } from './quoting.ts'

/** An agent's message on its way, with what all its parts have in common. */
export type OutboundMessage = {
  account: Account
  event: OutEvent
  chat: ChatId
  /** How many WhatsApp messages it makes, as far as that is known. */
  of: number
  quote?: Quote | undefined
}

/** Stands in for the chat of a message that has nobody to go to. */
export const UNREACHABLE = asId<ChatId>('unreachable')

const TAKEN_MS = 1_000

/** Somebody else has begun a part of the message: it is left alone, and looked at again after a moment. */
export function taken(now: number): WaitUntil {
  return new WaitUntil('Somebody else has begun to send it.', { until: now + TAKEN_MS })
}

/** What special content is made of, which Chatwoot wipes when Retry is pressed. */
const KEPT_ATTRIBUTES = ['items', 'data', 'automation_rule_id'] as const

/** The journal entry of one part. What Retry needs to know again is kept with the first. */
export function sendOf(message: OutboundMessage, part: number, fingerprint: string): NewSend {
  const { account, event, chat, of, quote } = message
  return {
    account: account.id,
    chat,
    conversationId: event.conversation.id,
    messageId: event.id,
    part,
    fingerprint,
    of,
    ...(part === 0 ? forRetry(event, quote) : {}),
  }
}

function forRetry(event: OutEvent, quote: Quote | undefined): Partial<NewSend> {
  const kept = KEPT_ATTRIBUTES.flatMap((name) => {
    const value = event.contentAttributes[name]
    return value === undefined || value === null ? [] : [[name, value] as const]
  })
  return {
    ...(quote === undefined ? {} : { quote }),
    ...(kept.length === 0 ? {} : { attributes: Object.fromEntries(kept) }),
  }
}
