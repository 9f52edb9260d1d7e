import type { Account } from '../../account.ts'
import {
  type ChatwootEvent,
  type ConversationEvent,
  parseChatwootWebhook,
  type TypingEvent,
} from '../../chatwoot/events.ts'
import type { Clock } from '../../clock.ts'
import type { ContactDeletedEvent } from '../events.ts'
import { concernsWhatsapp } from './concerns-whatsapp.ts'
import type { IngestResult } from './ingest-wasender.ts'
import type { Intake } from './intake.ts'

export type IngestChatwootDeps = {
  intake: Pick<Intake, 'accept'>
  clock: Clock
  /** An agent began or stopped writing. Not worth waiting for. */
  onTyping: (account: Account, event: TypingEvent) => void
  onUnknown: (account: Account, event: string, reason: string) => void
}

/**
 * Takes an authentic Chatwoot webhook: agents' messages go into the lane of their chat, what is known of conversations is
 * kept up to date, everything else is let go. Resolves once durable.
 */
export function createIngestChatwoot(deps: IngestChatwootDeps) {
  const { intake, clock } = deps

  /** The callback knows one inbox only; an account webhook under the same URL would bring all of them. */
  function isOurs(account: Account, event: ChatwootEvent): boolean {
    return !('conversation' in event) || event.conversation.inboxId === account.inboxId
  }

  return async (
    account: Account,
    body: unknown,
  ): Promise<{ event: string; result: IngestResult }> => {
    const event = parseChatwootWebhook(body)
    const name = nameOf(event)
    if (event.type === 'unknown') {
      deps.onUnknown(account, name, event.reason)
      return { event: name, result: 'unknown' }
    }
    if (!isOurs(account, event)) return { event: name, result: 'ignored' }
    const arrival = { from: 'chatwoot', account: account.id, receivedAt: clock.now() } as const
    const change = changeOfRecords(event)
    if (change !== undefined) await intake.accept([{ ...arrival, event: change }])
    if (event.type === 'typing') deps.onTyping(account, event)
    if (event.type !== 'message' || !concernsWhatsapp(account, event)) {
      return { event: name, result: 'ignored' }
    }
    await intake.accept([{ ...arrival, event }])
    return { event: name, result: 'queued' }
  }
}

/** What changes what is known of a conversation or a person, and concerns no lane. */
function changeOfRecords(
  event: ChatwootEvent,
): ConversationEvent | ContactDeletedEvent | undefined {
  if (event.type === 'conversation') return event
  if (event.type !== 'contact' || event.action !== 'deleted') return undefined
  return { type: 'contact', action: 'deleted', contact: { id: event.contact.id } }
}

/** The event's name as Chatwoot spells it, for metrics. */
function nameOf(event: ChatwootEvent): string {
  switch (event.type) {
    case 'message':
    case 'conversation':
    case 'contact':
      return `${event.type}_${event.action}`
    case 'typing':
      return event.on ? 'conversation_typing_on' : 'conversation_typing_off'
    case 'other':
      return event.event
    case 'unknown':
      return event.event ?? 'unnamed'
  }
}
