import { z } from 'zod'
import type { SessionStatus } from '../wasender/session.ts'
import type { DemoWorld } from './world.ts'

const text = z.string().trim().min(1).max(20_000)

/** Something a visitor does on the page. Throws a ZodError when the body of the request is not as expected. */
export type Action = (world: DemoWorld, id: string, body: unknown) => unknown

function action<T extends z.ZodType>(
  schema: T,
  run: (world: DemoWorld, id: string, body: z.output<T>) => unknown,
): Action {
  return (world, id, body) => run(world, id, schema.parse(body))
}

/** By the path below `/api/`; `:id` is a phone, a conversation or a message. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  'people/:id/messages': action(z.object({ text }), ({ wasender }, phone, body) => {
    wasender.person({ phone }).sendText(body.text)
  }),
  'people/:id/typed': action(z.object({ text }), ({ wasender }, phone, body) => {
    wasender.owner.typeOnPhone(phone, body.text)
  }),
  'people/:id/read': ({ wasender }, phone) => readAll(wasender, phone),
  'conversations/:id/replies': action(
    z.object({ text, private: z.boolean().default(false) }),
    ({ chatwoot }, id, body) =>
      chatwoot.agent().reply(Number(id), body.text, { private: body.private }),
  ),
  'conversations/:id/resolve': ({ chatwoot }, id) => chatwoot.agent().resolve(Number(id)),
  'conversations/:id/reopen': ({ chatwoot }, id) => chatwoot.agent().reopen(Number(id)),
  'messages/:id/retry': ({ chatwoot }, id) => chatwoot.agent().retry(Number(id)),
  'session/log-out': ({ wasender }) => logOut(wasender),
  'session/scan': ({ wasender }) => wasender.scan(wasender.session().id),
  'next-send/refuse': ({ wasender }) => wasender.faults.add(REFUSED_ONCE),
}

/** A refusal for good (wasender-api.md, section 4), so that a failed message and its Retry can be seen. */
const REFUSED_ONCE = {
  kind: 'answer',
  path: '/api/send-',
  status: 422,
  body: { success: false, message: 'The demo was asked to refuse this message.' },
  times: 1,
} as const

/** Opening a chat reads what it holds. Receipts exist for messages that arrived, and were sent by the API. */
async function readAll(wasender: DemoWorld['wasender'], phone: string): Promise<void> {
  const person = wasender.person({ phone })
  const arrived = wasender
    .inbox(phone)
    .filter(({ readAt, msgId }) => readAt === undefined && hasArrived(wasender, msgId))
  await Promise.all(arrived.map(({ keyId }) => person.read(keyId)))
}

const hasArrived = (wasender: DemoWorld['wasender'], msgId: number | undefined): boolean =>
  msgId !== undefined && (wasender.outgoing(msgId)?.ack ?? 0) >= 3

/** WhatsApp drops the device; the gateway then shows a QR code. */
async function logOut(wasender: DemoWorld['wasender']): Promise<void> {
  const { id } = wasender.session()
  const steps: SessionStatus[] = ['logged_out', 'need_scan']
  for (const status of steps) await wasender.setStatus(id, status)
}
