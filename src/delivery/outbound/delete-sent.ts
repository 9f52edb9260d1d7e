import type { Account } from '../../account.ts'
import { type Clock, hasCome } from '../../clock.ts'
import { BridgeError, isRetryable } from '../../errors.ts'
import type { MessageId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import { isNotFound } from '../../wasender/api/classify.ts'
import { REVOKE } from '../inbound/own-change.ts'
import type { Journal } from '../outcome/journal.ts'
import { wasNeverSent } from '../outcome/send-state.ts'
import { TAKEN_MS } from './outbound-message.ts'

/** Why a message stays on WhatsApp; a key of the texts about it. */
export type Undeletable = 'tooOldToDelete' | 'deleteRefused' | 'noHandle'

export type Deletion =
  | 'deleted'
  | { kept: Undeletable }
  /** It is just being sent, or was accepted a moment ago and the gateway does not know it before it has left. */
  | { waitUntil: number }

/** After about two days WhatsApp ignores a deletion without a word (docs/platforms/wasender.md#message-operations). */
const DELETE_WITHIN_MS = 48 * 3_600_000
const LEAVES_WITHIN_MS = 60_000
const ASK_AGAIN_MS = 1_000

type DeleteDeps = { journal: Journal; clock: Clock }

/** Deletes what was sent for everyone, each part once, and notes on whose behalf. */
export async function deleteSent(
  account: Account,
  links: readonly OutboundLink[],
  by: MessageId,
  deps: DeleteDeps,
): Promise<Deletion> {
  let result: Deletion = 'deleted'
  for (const link of links) {
    const removed = await remove(account, link, by, deps)
    if (typeof removed === 'object' && 'waitUntil' in removed) return removed
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
  return deletedBy === undefined ? { waitUntil: clock.now() + TAKEN_MS } : 'deleted'
}

function afterError(link: OutboundLink, error: unknown, now: number): Deletion {
  if (!(error instanceof BridgeError) || isRetryable(error)) throw error
  const leavesBy = link.sentAt + LEAVES_WITHIN_MS
  const mayLeave = link.keyId === undefined && !hasCome(leavesBy, now, LEAVES_WITHIN_MS)
  if (isNotFound(error) && mayLeave) return { waitUntil: now + ASK_AGAIN_MS }
  return { kept: 'deleteRefused' }
}
