import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { ChatId } from '../ids.ts'
import type { OutboundLink } from '../store/types.ts'
import type { OutEvent } from './events.ts'
import type { Journal, NewSend } from './journal.ts'
import type { Handled } from './turn.ts'

export type OutboundFailureDeps = {
  journal: Journal
  clock: Clock
  /** Durably asks for the message's state to be told to Chatwoot. */
  report: (account: Account, chat: ChatId, event: OutEvent) => Promise<void>
  onResult: (account: Account, kind: string, result: 'failed' | 'unknown') => void
}

/** How long a send with a lost answer is waited for before the agent is told that it may have arrived. */
const SETTLE_MS = 120_000
const ASK_AGAIN_MS = 2_000

/** The ends of an agent's message that was not simply sent. */
export function createOutboundFailure({ journal, clock, report, onResult }: OutboundFailureDeps) {
  /** Keeps the failure with the message, so that it is shown, counted and can be tried again. */
  async function fail(
    account: Account,
    event: OutEvent,
    chat: ChatId,
    reason: string,
  ): Promise<Handled> {
    const known = await journal.ofMessage(account.id, event.id)
    const link = known.at(-1) ?? (await journal.begin(sendOf(account, event, chat, 0, '')))
    await journal.note(link, { kind: 'failed', reason })
    await report(account, chat, event)
    onResult(account, event.contentType, 'failed')
    return 'done'
  }

  /** Waits for a sign of a send whose answer was lost; without any the agent has to look. */
  async function settle(account: Account, event: OutEvent, link: OutboundLink): Promise<Handled> {
    const unknown = await journal.note(link, { kind: 'unknown' })
    if (clock.now() < unknown.at + SETTLE_MS) return { waitUntil: clock.now() + ASK_AGAIN_MS }
    onResult(account, event.contentType, 'unknown')
    return fail(account, event, link.chat, account.texts.failed.mayHaveArrived)
  }

  return { fail, settle }
}

/** The journal entry of one part of an agent's message. */
export function sendOf(
  account: Account,
  event: OutEvent,
  chat: ChatId,
  part: number,
  fingerprint: string,
): NewSend {
  return {
    account: account.id,
    chat,
    conversationId: event.conversation.id,
    messageId: event.id,
    part,
    fingerprint,
  }
}
