import { z } from 'zod'
import { type Actions, action, someFile, someText } from '../action.ts'
import { inboxOf } from '../config.ts'

const reply = z
  .object({
    text: z.string().trim().max(20_000).default(''),
    private: z.boolean().default(false),
    inReplyTo: z.int().optional(),
    files: z.array(someFile).max(10).default([]),
  })
  .refine(({ text, files }) => text !== '' || files.length > 0, 'There is neither text nor file.')

/** What an agent does. */
export const HELPDESK_ACTIONS: Actions = {
  'conversations/:id/replies': action(reply, ({ world }, id, { text, files, ...options }) =>
    world.chatwoot.agent().reply(Number(id), text === '' ? null : text, {
      private: options.private,
      ...(options.inReplyTo === undefined ? {} : { inReplyTo: options.inReplyTo }),
      attachments: files.map(({ fileName: filename, mimetype: contentType, bytes }) => ({
        filename,
        contentType,
        bytes,
      })),
    }),
  ),
  'conversations/:id/typing': action(
    z.object({ private: z.boolean().default(false), isOn: z.boolean().default(true) }),
    ({ world }, id, body) =>
      world.chatwoot
        .agent()
        .type(Number(id), { private: body.private, status: body.isOn ? 'on' : 'off' }),
  ),
  'conversations/:id/resolve': ({ world }, id) => world.chatwoot.agent().resolve(Number(id)),
  'conversations/:id/reopen': ({ world }, id) => world.chatwoot.agent().reopen(Number(id)),
  conversations: action(
    z.object({ phone: z.string().regex(/^\+\d{7,15}$/, 'Expected + and digits.'), text: someText }),
    ({ world: { chatwoot } }, _id, body) =>
      chatwoot.agent().startConversation({ inboxId: inboxOf(chatwoot).id, ...body }),
  ),
  'messages/:id/retry': ({ world }, id) => world.chatwoot.agent().retry(Number(id)),
  'messages/:id/delete': ({ world }, id) => world.chatwoot.agent().deleteMessage(Number(id)),
}
