import { z } from 'zod'
import type { Account } from '../../accounts/account.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import { type Clock, hasCome } from '../../kernel/clock.ts'
import type { AccountId, ChatId, KeyId, MsgId } from '../../kernel/ids.ts'
import { aliasOf, parseAddress } from '../../platforms/wasender/jid.ts'
import type { Entry } from '../../queue/entry.ts'
import type { Dispatch } from '../../queue/queue.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory, type RedisState } from '../../state/redis/memory.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { OutboundLink, State } from '../../state/store/types.ts'
import type { LaneKeys } from '../intake/out-lane.ts'
import { orderOf } from '../intake/route.ts'
import { readInEvent, storedWho } from '../stored-events.ts'
import type { Journal } from './journal.ts'

/** A message of our own account as WasenderAPI reports it. */
export type OwnMessage = {
  account: AccountId
  chat: ChatId
  keyId: KeyId
  msgId?: MsgId | undefined
  fingerprint: string
  /** When the bridge first heard of it, ms since 1970. */
  heardAt: number
}

/** `ours`: sent by the bridge. `phone`: typed on the phone or sent by another client. */
type Origin = { from: 'ours'; link: OutboundLink } | { from: 'phone' }

/**
 * The webhook can be faster than the HTTP answer of the send it belongs to (docs/platforms/wasender.md#message-ids).
 */
const GRACE_MS = 10_000
/** While the answer of a send in the chat is still out. */
const GRACE_SENDING_MS = 30_000
const ASK_AGAIN_MS = 500

/**
 * Tells the echo of a send from a message typed on the phone. Ids decide first; then the content of the sends
 * whose WhatsApp id is still unknown. Without any such send there is nothing to wait for, since the journal
 * holds a send before its request leaves.
 *
 * `onClaim` is called before a message is taken for an echo only because of what it says.
 *
 * @throws {WaitUntil} while it is too early to tell.
 */
export async function originOf(
  journal: Journal,
  clock: Clock,
  own: OwnMessage,
  onClaim: () => Promise<void> = async () => {},
): Promise<Origin> {
  const known = await knownById(journal, own)
  if (known !== undefined) return { from: 'ours', link: known }

  const { account, chat, heardAt } = own
  const open = await journal.openIn(account, chat, heardAt)
  // An agent may have sent the same words again, so what is open is the likelier match.
  const match =
    firstLike(own, open) ?? firstLike(own, await journal.doubtfulIn(account, chat, heardAt))
  if (match !== undefined) {
    await onClaim()
    const link = await journal.note(match, { kind: 'linked', keyId: own.keyId, by: 'echo' })
    return { from: 'ours', link }
  }
  // The same words on their way to a chat of another name: that may be this person under an unknown address.
  const elsewhere = await journal.openLike(account, own.fingerprint, heardAt)
  const pending = [...open, ...elsewhere]
  if (pending.length === 0) return { from: 'phone' }
  const grace = pending.some((link) => link.state === 'sending') ? GRACE_SENDING_MS : GRACE_MS
  if (hasCome(heardAt + grace, clock.now(), grace)) return { from: 'phone' }
  const until = clock.now() + ASK_AGAIN_MS
  throw new WaitUntil('It may be the echo of a send whose answer is still out.', { until })
}

function firstLike(own: OwnMessage, links: OutboundLink[]): OutboundLink | undefined {
  return links.find((link) => link.fingerprint === own.fingerprint)
}

async function knownById(journal: Journal, own: OwnMessage): Promise<OutboundLink | undefined> {
  const byKey = await journal.byKeyId(own.account, own.keyId)
  if (byKey?.direction === 'out') return byKey
  if (own.msgId === undefined) return undefined
  const byMsg = await journal.byMsgId(own.account, own.msgId)
  if (byMsg === undefined) return undefined
  return journal.note(byMsg, { kind: 'linked', keyId: own.keyId, by: 'info' })
}

/** An own message that was taken for an echo because of what it says, with what is needed to bring it in after all. */
type Claimed = Pick<Entry, 'receivedAt' | 'event'> & Pick<Incoming, 'who' | 'at'>

/** Own messages that were taken for echoes by their content, until `/info` has confirmed it. */
export type MistakenEchoes = {
  /** Durable once resolved. */
  keep(account: AccountId, keyId: KeyId, claimed: Claimed): Promise<void>
  confirm(account: AccountId, keyId: KeyId): Promise<void>
  /** Brings back what the link was wrongly tied to, if anything. May be repeated. */
  settle(account: Account, link: OutboundLink): Promise<void>
}

const claimedSchema = z.looseObject({
  who: storedWho,
  at: z.number().optional(),
  receivedAt: z.number(),
  event: z.unknown().refine((event) => readInEvent(event) !== undefined),
})

/** Words typed on the phone can be those of a send that is on its way: whoever comes first is taken for its echo. */
export function createMistakenEchoes(deps: {
  state: State
  journal: Journal
  laneKey: LaneKeys
  dispatch: Dispatch
  clock: Clock
}): MistakenEchoes {
  const { state, journal } = deps
  const { store } = state
  const taken = createMemory(state, MEMORIES.takenForEchoes, claimedSchema)

  async function playAgain(account: Account, keyId: KeyId): Promise<void> {
    const kept = await taken(account.id, keyId).get()
    if (kept === undefined) return
    const { who, at, receivedAt, event } = kept as Claimed
    const lane = {
      direction: 'in',
      account: account.id,
      key: await deps.laneKey(account, who),
    } as const
    await deps.dispatch.post([{ lane, order: orderOf(at, receivedAt), receivedAt, event }])
  }

  /** The true echo was taken for the phone's and is shown already. It says the same, so it now stands for the other. */
  async function swapMirrored({ id }: Account, echo: KeyId, typed: KeyId): Promise<boolean> {
    const mirrored = await store.links.get(storeKey.inboundLink(id, echo))
    if (mirrored?.direction !== 'in') return false
    const link = { ...mirrored, keyId: typed, at: deps.clock.now() }
    await store.links.put(storeKey.inboundLink(id, typed), link)
    await store.links.delete(storeKey.inboundLink(id, echo))
    return true
  }

  return {
    keep: (account, keyId, claimed) => taken(account, keyId).set(claimed),
    async confirm(account, keyId) {
      await taken(account, keyId).remove()
    },
    async settle(account, link) {
      const { keyId, mistakenEchoes } = link
      if (keyId === undefined || mistakenEchoes === undefined) return
      const isSwapped = await swapMirrored(account, keyId, mistakenEchoes)
      if (!isSwapped) await playAgain(account, mistakenEchoes)
      await journal.note(link, { kind: 'given-back' })
      await taken(account.id, mistakenEchoes).remove()
    },
  }
}

/**
 * When somebody was last heard under a LID: WhatsApp takes and echoes messages to a LID that nobody has, so that only a
 * receipt or an answer proves that one has arrived (docs/platforms/wasender.md#sending). An answer is anything the
 * customer wrote or did in that chat after the send.
 */
export type Answers = {
  /** `by`: see {@link writtenBy}. */
  heard(account: AccountId, lid: string, by: number): Promise<void>
  after(link: OutboundLink): Promise<boolean>
}

/** WhatsApp tells seconds. */
const SECOND = 1_000

/**
 * The latest moment at which a message can have been written, ms since 1970: the end of WhatsApp's second, or when it was
 * received. So it does not answer what was sent after that, within the same second.
 */
export function writtenBy({
  at,
  receivedAt,
}: {
  at?: number | undefined
  receivedAt: number
}): number {
  return at === undefined ? receivedAt : Math.min(at + SECOND - 1, receivedAt)
}

export function createAnswers(state: RedisState): Answers {
  const answers = createMemory(state, MEMORIES.answers)
  const lastUnder = (account: AccountId, lid: string) =>
    answers(account, aliasOf({ kind: 'lid', id: lid }))
  return {
    async heard(account, lid, by) {
      const last = lastUnder(account, lid)
      if (by > ((await last.get()) ?? 0)) await last.set(by)
    },
    async after({ account, to, sentAt }) {
      const address = to === undefined ? undefined : parseAddress(to)
      if (address?.kind !== 'lid') return false
      return ((await lastUnder(account, address.id).get()) ?? 0) >= sentAt
    },
  }
}
