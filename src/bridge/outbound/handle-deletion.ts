import type { Account } from '../../accounts/account.ts'
import { type Clock, hasCome } from '../../kernel/clock.ts'
import { BridgeError, isRetryable } from '../../kernel/errors.ts'
import { asId, type ChatId, type MessageId } from '../../kernel/ids.ts'
import { isNotFound } from '../../platforms/wasender/api/classify.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { OutEvent } from '../events.ts'
import type { OwnIds } from '../inbound/dedupe.ts'
import { REVOKE } from '../inbound/tellings.ts'
import { type Journal, wasNeverSent } from '../sends/journal.ts'
import { postNote } from './outbound-failure.ts'
import { sendOf, taken } from './outbound-message.ts'

/** The chat does not matter for a message that will not be sent. */
const NO_CHAT = asId<ChatId>('deleted')

type DeletionDeps = { journal: Journal; ownIds: Pick<OwnIds, 'has'>; clock: Clock }

/**
 * An agent deleted a message in Chatwoot: it is deleted for everyone on WhatsApp, all parts of it, and what is still
 * waiting is not sent any more. Where that is impossible a private note says so.
 */
export async function handleDeletion(
  account: Account,
  event: OutEvent,
  known: readonly OutboundLink[],
  { journal, ownIds, clock }: DeletionDeps,
): Promise<void> {
  const isOwn = known.length === 0 && (await ownIds.has(account.id, event.sourceId))
  if (isOwn) return mirrored(account, event, journal)
  const links = await entriesOf(account, event, known, journal)
  if (links.length === 0) throw taken(clock.now())
  const result = await deleteSent(account, links, event.id, { journal, clock })
  if (result === 'deleted') return
  await tell(account, event, account.texts.outbound[result.kept])
  // Noted last: a part that is still there counts as handled only once the agent was told.
  for (const link of links) await journal.note(link, { kind: 'deleted', by: event.id })
}

/**
 * The journal's entries, none when somebody is just beginning the first. The message itself may still wait behind this
 * event: it finds the entry made here and drops itself.
 */
async function entriesOf(
  account: Account,
  event: OutEvent,
  known: readonly OutboundLink[],
  journal: Journal,
): Promise<readonly OutboundLink[]> {
  if (known.length > 0) return known
  const message = { account, event, chat: NO_CHAT, of: 1 }
  const waiting = await journal.begin(sendOf(message, 0, ''), 'queued')
  return waiting === undefined ? [] : [waiting]
}

async function tell(account: Account, event: OutEvent, why: string): Promise<void> {
  await postNote(account, {
    conversation: event.conversation.id,
    about: event.id,
    sourceId: `deletion:${event.id}`,
    text: account.texts.outbound.notDeleted(why),
  })
}

/** What was typed on the phone was mirrored, so the gateway knows no message it could delete. */
async function mirrored(account: Account, event: OutEvent, journal: Journal): Promise<void> {
  const shown = await journal.shownBy(account.id, event.id)
  if (shown?.fromMe) await tell(account, event, account.texts.outbound.typedOnPhone)
}

/** Why a message stays on WhatsApp; a key of the texts about it. */
type Undeletable = 'tooOldToDelete' | 'deleteRefused' | 'noHandle'

type Deletion = 'deleted' | { kept: Undeletable }

/** After about two days WhatsApp ignores a deletion without a word (docs/platforms/wasender.md#message-operations). */
const DELETE_WITHIN_MS = 48 * 3_600_000
const LEAVES_WITHIN_MS = 60_000
const ASK_AGAIN_MS = 1_000

type DeleteDeps = { journal: Journal; clock: Clock }

/**
 * Deletes what was sent for everyone, each part once, and notes on whose behalf.
 *
 * @throws {WaitUntil} when it is just being sent, or was accepted a moment ago and the gateway does not know it before it
 * has left.
 */
export async function deleteSent(
  account: Account,
  links: readonly OutboundLink[],
  by: MessageId,
  deps: DeleteDeps,
): Promise<Deletion> {
  let result: Deletion = 'deleted'
  for (const link of links) {
    const removed = await remove(account, link, by, deps)
    if (removed === 'deleted') await deps.journal.note(link, { kind: 'deleted', by })
    else result = removed
  }
  return result
}

async function remove(
  account: Account,
  link: OutboundLink,
  by: MessageId,
  deps: DeleteDeps,
): Promise<Deletion> {
  if (link.deletedBy !== undefined) return 'deleted'
  if (wasNeverSent(link)) return drop(link, by, deps)
  if (link.msgId === undefined) return { kept: 'noHandle' }
  if (deps.clock.now() - link.sentAt > DELETE_WITHIN_MS) return { kept: 'tooOldToDelete' }
  // Before the request, because WhatsApp's own word of the deletion can overtake its answer.
  await deps.journal.note(link, { kind: 'asked', change: REVOKE })
  try {
    await account.wasender.messages.remove(link.msgId)
    return 'deleted'
  } catch (error) {
    return afterError(link, error, deps.clock.now())
  }
}

/** Another turn may have begun it since the journal was read. */
async function drop(
  link: OutboundLink,
  by: MessageId,
  { journal, clock }: DeleteDeps,
): Promise<Deletion> {
  const { deletedBy } = await journal.note(link, { kind: 'dropped', by })
  if (deletedBy === undefined) throw taken(clock.now())
  return 'deleted'
}

function afterError(link: OutboundLink, error: unknown, now: number): Deletion {
  if (!(error instanceof BridgeError) || isRetryable(error)) throw error
  const leavesBy = link.sentAt + LEAVES_WITHIN_MS
  const mayLeave = link.keyId === undefined && !hasCome(leavesBy, now, LEAVES_WITHIN_MS)
  if (isNotFound(error) && mayLeave) {
    throw new WaitUntil('The gateway does not know it before it has left.', {
      until: now + ASK_AGAIN_MS,
    })
  }
  return { kept: 'deleteRefused' }
}
