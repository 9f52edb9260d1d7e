import type { Clock } from '../../kernel/clock.ts'
import type { AccountId, ChatId, KeyId, MessageId, MsgId } from '../../kernel/ids.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { InboundLink, Link, OutboundLink, Store } from '../../state/store/types.ts'
import { advance, type SendNews } from './send-state.ts'

/** What is known of a WhatsApp message before it is sent. */
export type NewSend = Pick<
  OutboundLink,
  | 'account'
  | 'chat'
  | 'conversationId'
  | 'messageId'
  | 'part'
  | 'fingerprint'
  | 'of'
  | 'quote'
  | 'attributes'
  | 'to'
>

/**
 * The send journal: what was about to be sent, what came of it, and under which ids. An entry is durable in
 * state `sending` before the request leaves, so that after a crash nothing is ever sent a second time blindly.
 */
export type Journal = {
  /**
   * Durable `sending`, right before the request; `queued` for what is not sent yet. Only one of those who begin at once
   * gets the entry: `undefined` tells that somebody else has it, so that nothing is to be done with it now.
   */
  begin(send: NewSend, state?: 'sending' | 'queued'): Promise<OutboundLink | undefined>
  /**
   * The request is known not to have had any effect: back to what waits when there was an entry `before` it, else to none.
   * What was learned meanwhile stays: that it was deleted, or a sign that it was sent after all.
   */
  withdraw(link: OutboundLink, before?: OutboundLink): Promise<void>
  /** Notes a piece of news; resolves with the entry as it is now. */
  note(link: OutboundLink, news: SendNews): Promise<OutboundLink>
  /** All parts made from one Chatwoot message. */
  ofMessage(account: AccountId, messageId: MessageId): Promise<OutboundLink[]>
  /** The WhatsApp message that a Chatwoot message shows: a customer's, or one typed on the phone. */
  shownBy(account: AccountId, messageId: MessageId): Promise<InboundLink | undefined>
  byMsgId(account: AccountId, msgId: MsgId): Promise<OutboundLink | undefined>
  /** The message with this WhatsApp id, whichever way it went. */
  byKeyId(account: AccountId, keyId: KeyId): Promise<Link | undefined>
  /**
   * Sends of a chat whose WhatsApp id is still to be learned, oldest first. `heardAt`, ms since 1970: when the sign was
   * heard that one of them is looked for; those that were too old for it by then are left out.
   */
  openIn(account: AccountId, chat: ChatId, heardAt: number): Promise<OutboundLink[]>
  /** The same by content, in any chat of the account. */
  openLike(account: AccountId, fingerprint: string, heardAt: number): Promise<OutboundLink[]>
  /** The same in a chat, of those that count as failed although nothing told so for certain. */
  doubtfulIn(account: AccountId, chat: ChatId, heardAt: number): Promise<OutboundLink[]>
  /** Sends of a chat that WhatsApp has certainly taken, and count as failed since nothing shows that they have arrived. */
  unprovenIn(account: AccountId, chat: ChatId): Promise<OutboundLink[]>
}

/**
 * A sign without ids may be about a send that is no older than this: the gateway queues what it accepts. A send that was
 * accepted and never left stays open for as long as it is kept, and must not be taken for what is written in that chat
 * months later.
 */
const RECENT_MS = 24 * 3_600_000

export function createJournal(deps: { store: Pick<Store, 'links'>; clock: Clock }): Journal {
  const { store, clock } = deps
  const { links } = store
  const idOf = (link: Pick<OutboundLink, 'account' | 'messageId' | 'part'>) =>
    storeKey.outboundLink(link.account, link.messageId, link.part)
  const outbound = (found: Link[]) => found.filter((link) => link.direction === 'out')

  return {
    async begin(send, state = 'sending') {
      const now = clock.now()
      let begun: OutboundLink | undefined
      await links.update(idOf(send), (current) => {
        begun = isFree(current)
          ? { ...current, ...send, direction: 'out', state, sentAt: now, at: now }
          : undefined
        return begun
      })
      return begun
    },
    async withdraw(link, before) {
      const kept = await links.update(idOf(link), (current) =>
        isBegun(current) && (before ?? current.deletedBy) !== undefined
          ? { ...current, state: 'queued', at: clock.now() }
          : undefined,
      )
      if (!isBegun(kept)) return
      // Deleted since that look: it stays, and so is not sent again.
      await links.delete(
        idOf(link),
        (current) => isBegun(current) && current.deletedBy === undefined,
      )
    },
    async note(link, news) {
      const stored = await links.update(idOf(link), (current) =>
        current?.direction === 'out' ? advance(current, news, clock.now()) : undefined,
      )
      return stored?.direction === 'out' ? stored : link
    },
    async ofMessage(account, messageId) {
      const found = outbound(await links.findBy('message', storeKey.byMessage(account, messageId)))
      return found.sort((a, b) => a.part - b.part)
    },
    async shownBy(account, messageId) {
      const found = await links.findBy('message', storeKey.byMessage(account, messageId))
      return found.find((link) => link.direction === 'in')
    },
    async byMsgId(account, msgId) {
      return outbound(await links.findBy('msg', storeKey.byMsg(account, msgId)))[0]
    },
    async byKeyId(account, keyId) {
      return (await links.findBy('key', storeKey.byKey(account, keyId)))[0]
    },
    openIn: async (account, chat, heardAt) =>
      outbound(await links.findBy('open', storeKey.byChat(account, chat)))
        .filter((link) => !isInDoubt(link) && isRecent(link, heardAt))
        .sort(bySentAt),
    openLike: async (account, fingerprint, heardAt) =>
      outbound(await links.findBy('print', storeKey.byPrint(account, fingerprint)))
        .filter((link) => !isInDoubt(link) && isRecent(link, heardAt))
        .sort(bySentAt),
    doubtfulIn: async (account, chat, heardAt) =>
      outbound(await links.findBy('open', storeKey.byChat(account, chat)))
        .filter((link) => isInDoubt(link) && isRecent(link, heardAt))
        .sort(bySentAt),
    unprovenIn: async (account, chat) =>
      outbound(await links.findBy('open', storeKey.byChat(account, chat)))
        .filter((link) => isInDoubt(link) && link.keyId !== undefined)
        .sort(bySentAt),
  }
}

/** Nobody has begun it, or it is to be sent again. What waits may have been deleted meanwhile. */
function isFree(current: Link | undefined): current is OutboundLink | undefined {
  if (current === undefined) return true
  return (
    current.direction === 'out' && current.state === 'queued' && current.deletedBy === undefined
  )
}

/** Its request is under way, and nothing came of it yet. */
function isBegun(current: Link | undefined): current is OutboundLink {
  return current?.direction === 'out' && current.state === 'sending'
}

function isInDoubt({ inDoubt }: OutboundLink): boolean {
  return inDoubt === true
}

function isRecent({ sentAt }: OutboundLink, heardAt: number): boolean {
  return heardAt - sentAt < RECENT_MS
}

function bySentAt(a: OutboundLink, b: OutboundLink): number {
  return a.sentAt - b.sentAt || a.messageId - b.messageId || a.part - b.part
}
