import type { Account } from '../../accounts/account.ts'
import { isDeleted } from '../../platforms/chatwoot/events.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { OutEvent } from '../events.ts'
import type { Journal } from '../sends/journal.ts'

/**
 * Whether an agent's message that was never sent is to be sent now. When only an update of it comes, its
 * `message_created` was lost (docs/platforms/chatwoot.md#where-messages-come-from); unless it is an old message that
 * somebody touched, which was sent by whatever ran before.
 */
export function isDue(account: Account, event: OutEvent, since: number, now: number): boolean {
  if (isDeleted(event)) return false
  if (event.action === 'created') return true
  const writtenAt = event.createdAt ?? 0
  return writtenAt >= since && now - writtenAt <= account.options.catchUp.maxAge
}

type Shown = Pick<Message, 'contentAttributes' | 'status'>

/** No failure is shown any more. The status is missing from most events, and then says nothing. */
export function looksRetried(message: Shown): boolean {
  const { external_error: error } = message.contentAttributes
  const isBlank = typeof error !== 'string' || error.trim() === ''
  return isBlank && !isDeleted(message) && (message.status ?? 'sent') === 'sent'
}

/**
 * Whether an agent has pressed Retry, which nothing announces: a failure that the bridge has shown is shown no longer
 * (docs/platforms/chatwoot.md#deletion-and-retry). An event can be older than the failure it seems to take back, since
 * Chatwoot's webhooks overtake each other; so the message itself is asked once more before anything is sent again.
 */
export async function isRetryPressed(
  account: Account,
  event: OutEvent,
  known: readonly OutboundLink[],
): Promise<boolean> {
  const failed = known.some((link) => link.state === 'failed')
  const shown = known.some((link) => link.reported === 'failed')
  if (!failed || !shown || !looksRetried(event)) return false
  const now = await account.chatwoot.messages.get(event.conversation.id, event.id)
  return now !== undefined && looksRetried(now)
}

/**
 * Makes what failed ready to be sent again. From here on the journal no longer says that it failed, so the second of
 * the two events that Retry fires finds nothing to do.
 */
export async function queueAgain(
  journal: Journal,
  known: readonly OutboundLink[],
): Promise<OutboundLink[]> {
  const queued: OutboundLink[] = []
  for (const link of known) queued.push(await journal.note(link, { kind: 'retry' }))
  return queued
}
