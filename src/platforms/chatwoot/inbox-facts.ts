import { type Clock, hasCome } from '../../kernel/clock.ts'
import type { InboxId } from '../../kernel/ids.ts'
import type { ChatwootClient } from './client.ts'
import { type Feature, supports } from './version.ts'

/** Facts that steer delivery and change rarely. Asked when first needed, then again after a while. */
export type InboxFacts = {
  /** `lock_to_single_conversation` of the inbox (docs/platforms/chatwoot.md#creating-conversations). */
  locksToSingleConversation(): Promise<boolean>
  /** Whether this Chatwoot's version can do something (docs/platforms/chatwoot.md#versions). */
  supports(feature: Feature): Promise<boolean>
}

/** An admin who changes the inbox's lock setting sees it obeyed within this time. */
const KEEP_MS = 5 * 60_000

export function createInboxFacts(options: {
  chatwoot: ChatwootClient
  inboxId: InboxId
  clock: Clock
}): InboxFacts {
  const { chatwoot, inboxId, clock } = options
  const features = kept(clock, async () => supports((await chatwoot.version()).version))
  return {
    locksToSingleConversation: kept(clock, async () => {
      return (await chatwoot.inboxes.get(inboxId)).lockToSingleConversation
    }),
    supports: async (feature) => (await features())[feature],
  }
}

/** Remembers an answer for a while. A failed question is asked again the next time. */
function kept<T>(clock: Clock, ask: () => Promise<T>): () => Promise<T> {
  let known: { value: T; until: number } | undefined
  return async () => {
    if (known === undefined || hasCome(known.until, clock.now(), KEEP_MS)) {
      known = { value: await ask(), until: clock.now() + KEEP_MS }
    }
    return known.value
  }
}
