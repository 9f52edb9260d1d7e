import type { InboundLink, Link, OutboundLink } from '../store/types.ts'

/** One WhatsApp message and its Chatwoot counterpart: ids and state, never what it says. Times are ISO 8601. */
export type MessageView = {
  account: string
  direction: 'in' | 'out'
  chat: string
  conversationId: number
  messageId: number
  whatsappId: string | null
  /** Of the gateway, for what was sent through it. */
  msgId: number | null
  /** `2/3` for the second of three WhatsApp messages made from one message. */
  part: string | null
  /** How far it has come: see `SendState`; `received` or `mirrored` for what came from WhatsApp. */
  state: string
  /** Why it failed, in words for an agent. */
  reason: string | null
  history: { at: string; what: string }[]
}

export function viewOf(link: Link): MessageView {
  const { account, direction, chat, conversationId, messageId } = link
  const ids = { account, direction, chat, conversationId, messageId }
  return link.direction === 'in' ? { ...ids, ...received(link) } : { ...ids, ...sent(link) }
}

type Rest = Omit<MessageView, 'account' | 'direction' | 'chat' | 'conversationId' | 'messageId'>

function received({ keyId, fromMe, receipt, at }: InboundLink): Rest {
  const state = fromMe ? 'mirrored' : 'received'
  return {
    whatsappId: keyId,
    msgId: null,
    part: null,
    state: receipt ?? state,
    reason: null,
    history: [{ at: iso(at), what: `${state}: shown in Chatwoot` }],
  }
}

function sent(link: OutboundLink): Rest {
  const { keyId, msgId, part, of, state, reason } = link
  return {
    whatsappId: keyId ?? null,
    msgId: msgId ?? null,
    part: of === undefined || of === 1 ? null : `${part + 1}/${of}`,
    state,
    reason: reason ?? null,
    history: historyOf(link),
  }
}

function historyOf({ sentAt, at, state, linkedBy, reported, deletedBy }: OutboundLink) {
  const told = reported === undefined ? [] : [{ at: iso(at), what: `Chatwoot shows ${reported}` }]
  const linked = linkedBy === undefined ? [] : [{ at: iso(at), what: `id learned by ${linkedBy}` }]
  const deleted = deletedBy === undefined ? [] : [{ at: iso(at), what: 'deleted for everyone' }]
  return [
    { at: iso(sentAt), what: 'written down, then sent' },
    ...linked,
    { at: iso(at), what: state },
    ...told,
    ...deleted,
  ]
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
