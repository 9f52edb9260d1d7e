import type { Journal } from '../delivery/outcome/journal.ts'
import { type AccountId, asId, type KeyId, type MessageId, type MsgId } from '../ids.ts'
import type { Link } from '../store/types.ts'

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
