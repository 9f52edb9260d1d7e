import { Hono } from 'hono'
import { z } from 'zod'
import type { AccountId } from '../ids.ts'
import { findMessages, type Look, type WantedMessage } from './find-messages.ts'
import { type MessageView, viewOf } from './message-view.ts'
import { badQuery, positive, readQuery } from './read-query.ts'

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
