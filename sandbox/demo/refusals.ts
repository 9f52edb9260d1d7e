import type { DemoWorld } from './world.ts'

/** An answer of the gateway to a send (docs/platforms/wasender.md#refusals). */
export type Refusal = {
  /** What the page asks for. */
  id: string
  label: string
  message: string
  /** How many requests are answered so: the bridge tries somebody's other address as well. */
  times: number
}

const REFUSED: Refusal = {
  id: 'refused',
  label: 'WasenderAPI refuses it',
  message: 'The demo was asked to refuse this message.',
  times: 1,
}

/** In what ways the next message can be refused. */
export const REFUSALS: readonly Refusal[] = [
  REFUSED,
  {
    id: 'not-on-whatsapp',
    label: 'The number is unknown, the hidden id is not',
    message: 'The provided JID does not exist on WhatsApp.',
    times: 1,
  },
  {
    id: 'no-new-chats',
    label: 'WhatsApp allows no new chats (463)',
    message: 'Rejected by WhatsApp (error 463)',
    times: 2,
  },
]

/** The next message of the business is refused for good; plainly, unless a way is named. */
export function refuseNext({ wasender }: Pick<DemoWorld, 'wasender'>, id = REFUSED.id): void {
  const { message, times } = REFUSALS.find((refusal) => refusal.id === id) ?? REFUSED
  const body = { success: false, message }
  wasender.faults.add({ kind: 'answer', path: '/api/send-message', status: 422, body, times })
}
