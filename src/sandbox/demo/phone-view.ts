import type { PhoneMessage } from '../wasender/phones.ts'
import type { DemoWorld } from './world.ts'

/** How far a message has come, as its author's phone shows it. */
export type Tick = 'sent' | 'delivered' | 'read'

/** A message on the phone: what WhatsApp shows of it, whatever its kind, and its ticks. */
export type PhoneBubble = Omit<PhoneMessage, 'node' | 'sessionId' | 'msgId' | 'chat'> & {
  tick: Tick
}

export type PhonePerson = {
  /** Digits. */
  phone: string
  name: string
  messages: PhoneBubble[]
}

/** Further back than anybody scrolls in a demo. */
const SHOWN = 200

/** Everything on the phones of the demo's people. `arrived` holds the key ids the helpdesk has. */
export function phonePeople(
  { wasender }: DemoWorld,
  phones: readonly string[],
  arrived: ReadonlySet<string>,
): PhonePerson[] {
  return phones.map((phone) => {
    const { profile } = wasender.person({ phone })
    const messages = wasender
      .chat(phone)
      .slice(-SHOWN)
      .map((message) => bubble(message, tickOf(wasender, message, arrived)))
    return { phone: profile.phone, name: profile.name, messages }
  })
}

function bubble(
  { node: _node, sessionId: _session, msgId: _msgId, chat: _chat, ...shown }: PhoneMessage,
  tick: Tick,
): PhoneBubble {
  return { ...shown, tick }
}

/** A customer's second tick says that the helpdesk has it, a business's that the customer's phone has it. */
function tickOf(
  wasender: DemoWorld['wasender'],
  { readAt, direction, typed, msgId, keyId }: PhoneMessage,
  arrived: ReadonlySet<string>,
): Tick {
  if (readAt !== undefined) return 'read'
  if (direction === 'sent') return arrived.has(keyId) ? 'delivered' : 'sent'
  const ack = msgId === undefined ? 0 : (wasender.outgoing(msgId)?.ack ?? 0)
  return typed || ack >= 3 ? 'delivered' : 'sent'
}
