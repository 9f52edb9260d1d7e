import type { KeyId, MsgId } from '../ids.ts'
import type { OutboundLink, SendState } from '../store/types.ts'

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

/**
 * Which states a state may turn into. Receipts never go backwards, and a message that was given up can still
 * prove to have arrived: then what arrived counts.
 */
const NEXT: Record<SendState, readonly SendState[]> = {
  sending: ['unknown', 'accepted', 'linked', 'delivered', 'read', 'failed'],
  unknown: ['accepted', 'linked', 'delivered', 'read', 'failed'],
  accepted: ['linked', 'delivered', 'read', 'failed'],
  linked: ['delivered', 'read', 'failed'],
  delivered: ['read'],
  read: [],
  failed: ['linked', 'delivered', 'read'],
}

/** The entry after a piece of news, or `undefined` when the news changes nothing. */
export function advance(link: OutboundLink, news: SendNews, now: number): OutboundLink | undefined {
  if (news.kind === 'linked') return relink(link, news, now)
  if (!NEXT[link.state].includes(news.kind)) return undefined
  const next: OutboundLink = { ...link, state: news.kind, at: now }
  if (news.kind === 'accepted') next.msgId = news.msgId
  if (news.kind === 'failed') next.reason = news.reason
  else delete next.reason
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
  if (state === 'linked') delete next.reason
  return next
}
