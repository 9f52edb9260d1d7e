import { type Clock, hasCome } from '../../clock.ts'
import type { AccountId, ChatId, KeyId, MsgId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
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

/**
 * `ours`: sent by the bridge. `phone`: typed on the phone or sent by another client. `wait`: too early to tell;
 * ask again at `until`.
 */
export type Origin = { from: 'ours'; link: OutboundLink } | { from: 'phone' } | { wait: number }

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
  return { wait: clock.now() + ASK_AGAIN_MS }
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
