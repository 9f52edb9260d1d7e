import { z } from 'zod'
import type { Collections } from './types.ts'

/**
 * What a stored value has to hold to be of use. Whatever else stands there is kept as it is, since another release may
 * have written it.
 */
const base = z.looseObject({ account: z.string(), chat: z.string() })

const link = base.extend({
  conversationId: z.number(),
  messageId: z.number(),
  at: z.number(),
})

const links = z.discriminatedUnion('direction', [
  link.extend({ direction: z.literal('in'), keyId: z.string() }),
  link.extend({
    direction: z.literal('out'),
    part: z.number(),
    state: z.enum([
      'queued',
      'sending',
      'unknown',
      'accepted',
      'linked',
      'delivered',
      'read',
      'failed',
    ]),
    fingerprint: z.string(),
    sentAt: z.number(),
  }),
])

const SHAPES = {
  links,
  chats: base.extend({ inboxId: z.number(), contactId: z.number(), sourceId: z.string() }),
  aliases: base,
  accounts: z.looseObject({ account: z.string(), since: z.number() }),
} satisfies { [Name in keyof Collections]: z.ZodType }

/** Whether something may stand in that collection. */
export function isValueOf(collection: keyof Collections): (value: unknown) => boolean {
  return (value) => SHAPES[collection].safeParse(value).success
}
