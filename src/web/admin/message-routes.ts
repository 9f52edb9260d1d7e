import { Hono } from 'hono'
import { z } from 'zod'
import type { Journal } from '../../bridge/sends/journal.ts'
import { type AccountId, asId, type KeyId, type MessageId, type MsgId } from '../../kernel/ids.ts'
import type { InboundLink, Link, OutboundLink } from '../../state/store/types.ts'
import { badQuery, positive, readQuery } from './read-query.ts'

export type Look = Pick<Journal, 'ofMessage' | 'shownBy' | 'byMsgId' | 'byKeyId'>

/** One id of a message, and whose it is. */
export type WantedMessage =
  | { by: 'whatsapp'; id: string }
  | { by: 'chatwoot'; id: number }
  | { by: 'gateway'; id: number }

/** All WhatsApp messages of the Chatwoot message an id belongs to; none when it is not known. */
export async function findMessages(
  journal: Look,
  account: AccountId,
  wanted: WantedMessage,
): Promise<Link[]> {
  if (wanted.by === 'chatwoot') return ofChatwoot(journal, account, asId<MessageId>(wanted.id))
  const found =
    wanted.by === 'gateway'
      ? await journal.byMsgId(account, asId<MsgId>(wanted.id))
      : await journal.byKeyId(account, asId<KeyId>(wanted.id))
  if (found === undefined) return []
  return found.direction === 'in' ? [found] : journal.ofMessage(account, found.messageId)
}

async function ofChatwoot(journal: Look, account: AccountId, id: MessageId): Promise<Link[]> {
  const shown = await journal.shownBy(account, id)
  return [...(shown === undefined ? [] : [shown]), ...(await journal.ofMessage(account, id))]
}

/** Whose id a text may be: gateway and Chatwoot count, WhatsApp does not. */
export function recognise(text: string): WantedMessage[] {
  const id = text.trim()
  const number = Number(id)
  const counted: WantedMessage[] =
    /^\d+$/.test(id) && Number.isSafeInteger(number) && number > 0
      ? [
          { by: 'chatwoot', id: number },
          { by: 'gateway', id: number },
        ]
      : []
  return id === '' ? [] : [...counted, { by: 'whatsapp', id }]
}

const query = z
  .object({
    account: z.string({ error: 'expected an account' }),
    whatsappId: z.string().optional(),
    chatwootId: positive.optional(),
    msgId: positive.optional(),
  })
  .transform(({ account, whatsappId, chatwootId, msgId }, context) => {
    const given: WantedMessage[] = [
      ...(whatsappId === undefined ? [] : [{ by: 'whatsapp', id: whatsappId } as const]),
      ...(chatwootId === undefined ? [] : [{ by: 'chatwoot', id: chatwootId } as const]),
      ...(msgId === undefined ? [] : [{ by: 'gateway', id: msgId } as const]),
    ]
    const [wanted] = given
    if (given.length === 1 && wanted !== undefined) return { account, wanted }
    context.addIssue('give one of whatsappId, chatwootId and msgId')
    return z.NEVER
  })

/** `GET /messages`: one message's ids, state and history, by any of its ids. */
export function createMessageRoutes(deps: { accounts: readonly AccountId[]; journal: Look }): Hono {
  const app = new Hono()
  app.get('/', async (c) => {
    const { account: name, wanted } = readQuery(c, query)
    const account = deps.accounts.find((id) => id === name)
    if (account === undefined) throw badQuery('account: there is none of that name')
    const messages = await findMessages(deps.journal, account, wanted)
    return c.json({ messages: messages.map(viewOf) } satisfies { messages: MessageView[] })
  })
  return app
}

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
