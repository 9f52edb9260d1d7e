import type { Account } from '../account.ts'
import type { OpenChat } from '../identity/conversations.ts'
import type { MessageId } from '../ids.ts'
import { protectLiquid } from '../message/format/protect-liquid.ts'
import type { ChatwootDraft } from '../message/inbound/draft.ts'
import type { InEvent } from './events.ts'
import type { Journal } from './journal.ts'

export type Posting = {
  account: Account
  journal: Journal
  open: OpenChat
  draft: ChatwootDraft
  event: InEvent
  /** An earlier attempt may have succeeded without the bridge learning of it. */
  again: boolean
}

/** Writes a WhatsApp message into a conversation and answers its Chatwoot id. Exactly one call, unless `again`. */
export async function postDraft(posting: Posting): Promise<MessageId> {
  const { account, open, draft, event, again } = posting
  const { messages } = account.chatwoot
  const sourceId = event.key.id
  if (again) {
    // Chatwoot does not tell duplicates apart by source id, so an earlier attempt is looked for first.
    const latest = await messages.list(open.conversationId)
    const posted = latest.find((message) => message.sourceId === sourceId)
    if (posted !== undefined) return posted.id
  }
  const quote = await quoteOf(posting)
  const typedOnPhone = event.key.fromMe
  const created = await messages.create(open.conversationId, {
    // Chatwoot runs outgoing text through its template language; what was typed on the phone is no template.
    content: typedOnPhone ? protectLiquid(draft.content) : draft.content,
    messageType: typedOnPhone ? 'outgoing' : 'incoming',
    private: typedOnPhone && account.options.phoneMessages === 'private',
    sourceId,
    contentAttributes: { ...quote, ...(typedOnPhone ? { external_echo: true } : {}) },
  })
  return created.id
}

/**
 * How Chatwoot finds the quoted message: by our source id for what came from WhatsApp, by its own id for what an
 * agent wrote, which has no source id (chatwoot-webhooks.md, section 8.4).
 */
async function quoteOf({ account, journal, draft }: Posting): Promise<Record<string, unknown>> {
  if (draft.quotes === undefined) return {}
  const quoted = await journal.byKeyId(account.id, draft.quotes)
  return quoted === undefined
    ? { in_reply_to_external_id: draft.quotes }
    : { in_reply_to: quoted.messageId }
}
