import type { Account } from '../account.ts'
import { type ChatwootEvent, type MessageEvent, parseChatwootWebhook } from '../chatwoot/events.ts'
import { classifyMessageEvent } from '../chatwoot/loop-rule.ts'
import type { Clock } from '../clock.ts'
import type { Conversations } from '../identity/conversations.ts'
import type { Dispatch } from './dispatch.ts'
import type { IngestResult } from './ingest-wasender.ts'

export type IngestChatwootDeps = {
  conversations: Conversations
  dispatch: Dispatch
  clock: Clock
  onUnknown: (account: Account, event: string, reason: string) => void
}

/**
 * Chatwoot's webhooks overtake each other by a few jobs (chatwoot-webhooks.md, section 3). A message waits this long, so
 * that an earlier one which is still on its way goes first; message ids tell the order.
 */
const SETTLE_MS = 250

/**
 * Takes an authentic Chatwoot webhook: agents' messages go into the lane of their chat, what is known of conversations is
 * kept up to date, everything else is let go. Resolves once durable.
 */
export function createIngestChatwoot(deps: IngestChatwootDeps) {
  const { conversations, dispatch, clock } = deps

  async function queue(account: Account, event: MessageEvent): Promise<void> {
    const chat = await conversations.byConversation(account.id, event.conversation)
    const key = chat?.chat ?? `conversation:${event.conversation.id}`
    await dispatch.post([
      {
        lane: { direction: 'out', account: account.id, key },
        order: event.id,
        receivedAt: clock.now(),
        event,
        settleMs: SETTLE_MS,
      },
    ])
  }

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
    if (event.type === 'conversation') await conversations.heard(account.id, event.conversation)
    if (event.type !== 'message' || classifyMessageEvent(event).action === 'ignore') {
      return { event: name, result: 'ignored' }
    }
    await queue(account, event)
    return { event: name, result: 'queued' }
  }
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
