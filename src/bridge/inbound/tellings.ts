import type { Account } from '../../accounts/account.ts'
import type { Content } from '../../content/message/canonical.ts'
import { fingerprint } from '../../content/message/fingerprint.ts'
import { derivedId } from '../../content/message/inbound/incoming-id.ts'
import {
  firstTold,
  type KnownTelling,
  sameAs,
  type Telling,
  toldAgain,
} from '../../content/message/inbound/telling.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import { createKeyedQueue } from '../../kernel/async.ts'
import type { AccountId, KeyId } from '../../kernel/ids.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory, type RedisState } from '../../state/redis/memory.ts'
import type { Journal } from '../sends/journal.ts'

/**
 * What was told of messages by events that need not have anything in common but what they say: reactions, edits, votes
 * and lines of groups. The first event gives a thing its id, and all others are found to be about it.
 */
export type Tellings = {
  /** The same with the id the thing is known by. Durable once resolved; asking again gives the same. */
  known(account: Account, incoming: Incoming, heardAt: number): Promise<Incoming>
}

/** Of one message. More reactions than a large group gives within a minute. */
const MOST = 200

export function createTellings(state: RedisState): Tellings {
  const keyedQueue = createKeyedQueue()
  const tellings = createMemory(state, MEMORIES.tellings)

  async function idOf(
    memory: ReturnType<typeof tellings>,
    telling: Telling,
    id: KeyId,
    heardAt: number,
  ): Promise<KeyId> {
    const { known } = (await memory.get()) ?? { known: [] }
    const same = sameAs(known, telling, heardAt)
    if (same === undefined) {
      const first = firstTold(unused(known, telling, id), telling, heardAt)
      await memory.set({ known: [...known, first].slice(-MOST) })
      return first.id
    }
    const again = toldAgain(same, telling)
    await memory.set({ known: known.map((each) => (each === same ? again : each)) })
    return same.id
  }

  return {
    async known(account, incoming, heardAt) {
      const { telling } = incoming
      if (telling === undefined) return incoming
      const { kind, about } = telling
      const memory = tellings(account.id, kind, about)
      const id = await keyedQueue(`${account.id}:${kind}:${about}`, () =>
        idOf(memory, telling, incoming.id, heardAt),
      )
      return { ...incoming, id }
    },
  }
}

/** The same words said once more have the same id at first. */
function unused(known: readonly KnownTelling[], { kind, ownId }: Telling, id: KeyId): KeyId {
  const isTaken = (candidate: KeyId) => known.some((each) => each.id === candidate)
  let next = id
  for (let time = 1; isTaken(next); time += 1) {
    next = derivedId(kind === 'poll-result' ? 'votes' : kind, [id, ownId, time])
  }
  return next
}

/** What {@link OutboundLink.asked} holds for a deletion. */
export const REVOKE = 'revoke'

/** What {@link OutboundLink.asked} holds for a new text. */
export function editMark(text: string): string {
  return fingerprint({ kind: 'text', text })
}

/**
 * Whether an edit or a deletion of our own message is the echo of one that the bridge asked for, and so no news. Made on
 * the phone it looks the same otherwise.
 */
export async function isAskedChange(
  journal: Journal,
  account: AccountId,
  content: Content,
): Promise<boolean> {
  const { kind } = content
  if (kind !== 'revoke' && kind !== 'edit' && kind !== 'encrypted-edit') return false
  const link = await journal.byKeyId(account, content.target)
  if (link?.direction !== 'out' || link.asked === undefined) return false
  if (kind === 'encrypted-edit') return link.asked !== REVOKE
  return link.asked === (kind === 'revoke' ? REVOKE : editMark(content.text))
}
