import { Hono } from 'hono'
import { z } from 'zod'
import type { Journal } from '../delivery/journal.ts'
import { type AccountId, asId, type KeyId, type MessageId, type MsgId } from '../ids.ts'
import type { Link } from '../store/types.ts'
import { type MessageView, viewOf } from './message-view.ts'
import { badQuery, positive, readQuery } from './read-query.ts'

type Look = Pick<Journal, 'ofMessage' | 'shownBy' | 'byMsgId' | 'byKeyId'>

const query = z
  .object({
    account: z.string({ error: 'expected an account' }),
    whatsappId: z.string().optional(),
    chatwootId: positive.optional(),
    msgId: positive.optional(),
  })
  .refine(
    ({ whatsappId, chatwootId, msgId }) =>
      [whatsappId, chatwootId, msgId].filter((id) => id !== undefined).length === 1,
    'give one of whatsappId, chatwootId and msgId',
  )

/** `GET /messages`: one message's ids, state and history, by any of its ids (design section 3). */
export function createMessageRoutes(deps: { accounts: readonly AccountId[]; journal: Look }): Hono {
  const app = new Hono()
  app.get('/', async (c) => {
    const wanted = readQuery(c, query)
    const account = deps.accounts.find((id) => id === wanted.account)
    if (account === undefined) throw badQuery('account: there is none of that name')
    const messages = await find(deps.journal, account, wanted)
    return c.json({ messages: messages.map(viewOf) } satisfies { messages: MessageView[] })
  })
  return app
}

/** All WhatsApp messages of the Chatwoot message an id belongs to. */
async function find(
  journal: Look,
  account: AccountId,
  { whatsappId, chatwootId, msgId }: z.output<typeof query>,
): Promise<Link[]> {
  if (chatwootId !== undefined) return ofChatwoot(journal, account, asId<MessageId>(chatwootId))
  const found =
    msgId === undefined
      ? await journal.byKeyId(account, asId<KeyId>(whatsappId ?? ''))
      : await journal.byMsgId(account, asId<MsgId>(msgId))
  if (found === undefined) return []
  return found.direction === 'in' ? [found] : journal.ofMessage(account, found.messageId)
}

async function ofChatwoot(journal: Look, account: AccountId, id: MessageId): Promise<Link[]> {
  const shown = await journal.shownBy(account, id)
  return [...(shown === undefined ? [] : [shown]), ...(await journal.ofMessage(account, id))]
}
