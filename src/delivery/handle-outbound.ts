import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Conversations } from '../identity/conversations.ts'
import type { People } from '../identity/people.ts'
import { asId, type ChatId } from '../ids.ts'
import { fingerprint } from '../message/fingerprint.ts'
import { convertAgentMessage } from '../message/outbound/convert.ts'
import { echoOf } from '../message/outbound/echo.ts'
import type { OutboundLink } from '../store/types.ts'
import type { OutgoingContent, OutgoingMessage } from '../wasender/outgoing-message.ts'
import { isDue } from './due.ts'
import type { OutEvent } from './events.ts'
import type { InfoPolls } from './info-polls.ts'
import type { Journal, NewSend } from './journal.ts'
import type { Entry } from './lanes.ts'
import { createOutboundFailure, sendOf } from './outbound-failure.ts'
import { type Pace, reserveSlot } from './pace.ts'
import { createSendPart } from './send-part.ts'
import { type Target, targetOf } from './target.ts'
import type { Handled } from './turn.ts'

/** What became of an agent's message; the `result` label of `bridge_messages_total`. */
export type OutboundResult = 'accepted' | 'failed' | 'ignored' | 'unknown'

export type OutboundDeps = {
  people: People
  conversations: Conversations
  journal: Journal
  pace: Pace
  infoPolls: InfoPolls
  clock: Clock
  /** First start of the account, ms since 1970. */
  sinceOf: (account: Account) => Promise<number>
  /** Durably asks for the message's state to be told to Chatwoot. */
  report: (account: Account, chat: ChatId, event: OutEvent) => Promise<void>
  onResult: (account: Account, kind: string, result: OutboundResult) => void
}

/** Stands in for the chat of a message that has nobody to go to. */
const UNREACHABLE = asId<ChatId>('unreachable')

/**
 * Sends one agent's message: the WhatsApp messages it is made of, one after the other, each exactly once. What the
 * journal already holds is not sent again, whatever repeats: the webhook, the process or the attempt.
 */
export function createHandleOutbound(deps: OutboundDeps) {
  const { journal, clock } = deps
  const sendPart = createSendPart(deps)
  const { fail, settle } = createOutboundFailure(deps)

  /** One part: sent by now (`next`), or why the message stops here for the moment or for good. */
  async function step(
    account: Account,
    entry: Entry,
    event: OutEvent,
    send: NewSend,
    message: OutgoingMessage,
  ): Promise<Handled | 'next'> {
    const slot = await reserveSlot(deps.pace, clock, account, entry)
    if (slot !== undefined) return slot
    const outcome = await sendPart(account, send, message)
    if (outcome.state === 'unknown') return settle(account, event, outcome.link)
    if (outcome.state === 'failed') return fail(account, event, send.chat, outcome.reason)
    deps.onResult(account, message.kind, 'accepted')
    return 'next'
  }

  async function sendAll(
    account: Account,
    entry: Entry,
    event: OutEvent,
    target: Target,
    contents: OutgoingContent[],
  ): Promise<Handled> {
    const known = await journal.ofMessage(account.id, event.id)
    for (const [part, content] of contents.entries()) {
      const existing = known.find((link) => link.part === part)
      if (isInDoubt(existing)) return settle(account, event, existing)
      if (existing !== undefined) continue
      const send = sendOf(account, event, target.chat, part, fingerprint(echoOf(content)))
      const result = await step(account, entry, event, send, { to: target.to, ...content })
      if (result !== 'next') return result
    }
    return 'done'
  }

  return async (account: Account, entry: Entry, event: OutEvent): Promise<Handled> => {
    const known = await journal.ofMessage(account.id, event.id)
    const isNew = known.length === 0
    if (isNew && !isDue(account, event, await deps.sinceOf(account), clock.now())) {
      deps.onResult(account, 'text', 'ignored')
      return 'done'
    }
    if (known.some((link) => link.state === 'failed')) return 'done'
    const target = await targetOf(account, event.conversation, deps)
    const { failed } = account.texts
    if (target === undefined) return fail(account, event, UNREACHABLE, failed.noAddress)
    const outgoing = convertAgentMessage(event, account.texts)
    if ('refuse' in outgoing) return fail(account, event, target.chat, outgoing.refuse)
    return sendAll(account, entry, event, target, outgoing.parts)
  }
}

/** Found in the journal without a result: a crash, or a lost answer. */
function isInDoubt(link: OutboundLink | undefined): link is OutboundLink {
  return link?.state === 'sending' || link?.state === 'unknown'
}
