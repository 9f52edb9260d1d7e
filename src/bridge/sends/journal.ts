import type { Clock } from '../../kernel/clock.ts'
import type { AccountId, ChatId, KeyId, MessageId, MsgId } from '../../kernel/ids.ts'
import { storeKey } from '../../state/store/keys.ts'
import type {
  InboundLink,
  Link,
  OutboundLink,
  Refusal,
  SendState,
  Store,
} from '../../state/store/types.ts'

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

/** What can be learned about one outgoing WhatsApp message. */
export type SendNews =
  /** WasenderAPI took it into its queue. */
  | { kind: 'accepted'; msgId: MsgId }
  /** The answer was lost: it may have been sent, or not. */
  | { kind: 'unknown' }
  /** Its WhatsApp id is known. `info` is authoritative, `echo` a recognition by content. */
  | { kind: 'linked'; keyId: KeyId; by: 'echo' | 'info' }
  | { kind: 'delivered' }
  | { kind: 'read' }
  | { kind: 'failed'; reason: string }
  /** Waiting for a sign of it was in vain: it counts as failed until one comes. */
  | { kind: 'doubted'; reason: string }
  /** The same for what the gateway took into its queue, and then told nothing more of. */
  | { kind: 'unconfirmed'; reason: string }
  /** The same for what was taken and echoed under a LID, which proves nothing. */
  | { kind: 'unproven'; reason: string }
  /** Something to its number failed, and it is the likeliest: it counts as failed until a sign of it comes. */
  | { kind: 'presumed'; reason: string }
  /** What was wrongly taken for its echo is on its way to be shown as what it is. */
  | { kind: 'given-back' }
  /** WhatsApp has certainly not taken it under that address, and there is another one to be tried. */
  | { kind: 'refused'; refusal: Refusal; reason: string }
  /** An agent pressed Retry: what failed is to be sent again. */
  | { kind: 'retry' }
  /** WhatsApp is about to be asked to change or delete it; see {@link OutboundLink.asked}. */
  | { kind: 'asked'; change: string }
  /** Deleted for everyone on behalf of this Chatwoot message. */
  | { kind: 'deleted'; by: MessageId }
  /** The same for what was never sent: it is not sent any more. News only while nobody has begun it. */
  | { kind: 'dropped'; by: MessageId }

/** News that only ever moves the state along. */
type Step = Extract<SendNews, { kind: 'accepted' | 'unknown' | 'delivered' | 'read' | 'failed' }>

/**
 * Which states a state may turn into. Receipts never go backwards, and a message that was given up can still
 * prove to have arrived: then what arrived counts.
 */
const NEXT: Record<SendState, readonly SendState[]> = {
  queued: ['failed'],
  sending: ['unknown', 'accepted', 'linked', 'delivered', 'read', 'failed'],
  unknown: ['accepted', 'linked', 'delivered', 'read', 'failed'],
  accepted: ['linked', 'delivered', 'read', 'failed'],
  linked: ['delivered', 'read', 'failed'],
  delivered: ['read'],
  read: [],
  failed: ['linked', 'delivered', 'read'],
}

/** What is not known for certain never goes against what is. */
const DOUBTED: Record<'doubted' | 'unconfirmed' | 'unproven' | 'presumed', readonly SendState[]> = {
  doubted: ['unknown'],
  unconfirmed: ['accepted'],
  unproven: ['accepted', 'linked'],
  presumed: ['sending', 'unknown', 'accepted'],
}

/** The entry after a piece of news, or `undefined` when the news changes nothing. */
export function advance(link: OutboundLink, news: SendNews, now: number): OutboundLink | undefined {
  switch (news.kind) {
    case 'linked':
      return relink(link, news, now)
    case 'retry':
      return retried(link, now)
    case 'refused':
      return refused(link, news, now)
    case 'doubted':
    case 'unconfirmed':
    case 'unproven':
    case 'presumed':
      return DOUBTED[news.kind].includes(link.state)
        ? { ...link, state: 'failed', reason: news.reason, inDoubt: true, at: now }
        : undefined
    case 'given-back':
      return givenBack(link, now)
    case 'accepted':
      return accepted(link, news, now)
    case 'asked':
      return link.asked === news.change ? undefined : { ...link, asked: news.change, at: now }
    case 'deleted':
      return link.deletedBy === undefined ? { ...link, deletedBy: news.by, at: now } : undefined
    case 'dropped':
      return wasNeverSent(link) ? advance(link, { ...news, kind: 'deleted' }, now) : undefined
    default:
      return step(link, news, now)
  }
}

/** What failed was shown as failed; of what may have arrived the agent was told so. */
export function wasNeverSent({ state }: Pick<OutboundLink, 'state'>): boolean {
  return state === 'failed' || state === 'queued'
}

/**
 * The echo or a failure may overtake the answer; then the state has moved on, and only the message's id is news: by it
 * a failure can still prove to be none.
 */
function accepted(
  link: OutboundLink,
  news: Extract<SendNews, { kind: 'accepted' }>,
  now: number,
): OutboundLink | undefined {
  const next = step(link, news, now)
  if (next !== undefined) return { ...next, msgId: news.msgId }
  const isOverdue =
    link.msgId === undefined && ['linked', 'delivered', 'read', 'failed'].includes(link.state)
  return isOverdue ? { ...link, msgId: news.msgId, at: now } : undefined
}

function givenBack(link: OutboundLink, now: number): OutboundLink | undefined {
  if (link.mistakenEchoes === undefined) return undefined
  const next: OutboundLink = { ...link, at: now }
  delete next.mistakenEchoes
  return next
}

function step(link: OutboundLink, news: Step, now: number): OutboundLink | undefined {
  if (!NEXT[link.state].includes(news.kind)) return undefined
  const next: OutboundLink = { ...link, state: news.kind, at: now }
  delete next.reason
  delete next.inDoubt
  if (news.kind === 'failed') next.reason = news.reason
  return next
}

/** A key id is taken over unless a better source already gave one. The state only ever moves forward. */
function relink(
  link: OutboundLink,
  news: Extract<SendNews, { kind: 'linked' }>,
  now: number,
): OutboundLink | undefined {
  const { keyId, by } = news
  const settled = link.keyId !== undefined && (link.linkedBy === 'info' || by === 'echo')
  if (settled || (link.keyId === keyId && link.linkedBy === by)) return undefined
  const state = NEXT[link.state].includes('linked') ? 'linked' : link.state
  const next: OutboundLink = { ...link, keyId, linkedBy: by, state, at: now }
  delete next.inDoubt
  if (state === 'linked') delete next.reason
  if (link.keyId !== undefined && link.keyId !== keyId) next.mistakenEchoes = link.keyId
  return next
}

/** On its way, as far as anybody knew. */
const UNDERWAY: readonly SendState[] = ['sending', 'unknown', 'accepted', 'linked']

/** Waits to be sent again under new ids, and remembers the address that was refused. */
function refused(
  link: OutboundLink,
  { refusal, reason }: Extract<SendNews, { kind: 'refused' }>,
  now: number,
): OutboundLink | undefined {
  if (!UNDERWAY.includes(link.state) && link.inDoubt !== true) return undefined
  const next: OutboundLink = { ...link, at: now }
  for (const field of FORGOTTEN) delete next[field]
  return { ...next, state: 'queued', refusals: [...(link.refusals ?? []), refusal], reason }
}

/** What is forgotten of a send that failed. Not what is still to be given back: that is a message of its own. */
const FORGOTTEN = ['msgId', 'keyId', 'linkedBy', 'reason', 'inDoubt', 'asked', 'to'] as const

/**
 * What failed is sent again under new ids, and the message's status is told to Chatwoot anew: Retry has set it back
 * there. Parts that did not fail stay as they are.
 */
function retried(link: OutboundLink, now: number): OutboundLink | undefined {
  if (link.state !== 'failed' && link.reported !== 'failed') return undefined
  const next: OutboundLink = { ...link, at: now }
  delete next.reported
  if (link.state !== 'failed') return next
  for (const field of FORGOTTEN) delete next[field]
  // Whoever presses Retry wants all of it tried again.
  delete next.refusals
  return { ...next, state: 'queued' }
}
