import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import type { Message } from '../../chatwoot/shapes/message.ts'
import type { ConversationId, KeyId } from '../../ids.ts'
import { pagesBack } from '../missed/history.ts'
import { isNoteOf } from './note-id.ts'

/** Where an attempt may have written, and before when there was none. */
export type Attempted = { conversation: ConversationId; since: number }

/** Chatwoot's clock and ours may differ. */
const SKEW_MS = 3_600_000
/** Of 20 messages each. A chat where more was written since is searched in vain. */
const MOST_PAGES = 250

/**
 * What an earlier attempt has left of a message, itself and its notes. Chatwoot cannot be asked for a source id, so the
 * conversation is read backwards, to the message or to the time before the first attempt. Usually that is one GET.
 */
export async function findAttempt(
  account: Account,
  { conversation, since }: Attempted,
  keyId: KeyId,
): Promise<Message[]> {
  const window = { horizon: since - SKEW_MS, most: MOST_PAGES }
  const found: Message[] = []
  try {
    for await (const page of pagesBack(account, conversation, window)) {
      found.push(...page.filter(({ sourceId }) => sourceId === keyId || isNoteOf(keyId, sourceId)))
      if (page.some(({ sourceId }) => sourceId === keyId)) break
    }
  } catch (error) {
    // Deleted with all that was in it.
    if (!isNotFound(error)) throw error
    return []
  }
  return found
}
