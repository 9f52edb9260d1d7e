import { pnJid, readAddress } from './addresses.ts'
import type { Chat } from './bodies.ts'
import { isMember, ownDigits } from './group-registry.ts'
import type { Outgoing } from './outbox.ts'
import type { Composed } from './outgoing-content.ts'
import type { Session } from './session.ts'
import type { World } from './state.ts'

/** Where a send goes; undefined when WhatsApp knows no such address. */
export function targetOf(world: World, session: Session, to: string): Chat | undefined {
  const address = readAddress(to)
  if (address.kind === 'channel') return { jid: address.jid }
  if (address.kind === 'group') {
    const group = world.groups.find(address.jid)
    return group !== undefined && isMember(group, session) ? { jid: group.jid } : undefined
  }
  if (address.kind === 'lid' && !world.settings.lidDeliverable) return undefined
  const person = world.directory.resolve(to)
  return person === undefined ? undefined : { person }
}

/** A message of ours that reached WhatsApp. */
export type Sent = Outgoing & { keyId: string; chat: Chat }

/** Lets everybody in the chat have the message. */
export function putOnPhones(
  world: World,
  session: Session,
  sent: Sent,
  seen: Composed['seen'],
): void {
  const { chat, keyId, msgId, node = {} } = sent
  const phones =
    'person' in chat
      ? [chat.person.phone]
      : [...(world.groups.find(chat.jid)?.members.keys() ?? [])]
  const jid = 'person' in chat ? pnJid(chat.person.phone) : chat.jid
  const { viewOnce } = sent.request
  const at = world.clock.now()
  const common = { keyId, msgId, sessionId: session.id, chat: jid, viewOnce, node, at }
  for (const phone of phones.filter((digits) => digits !== ownDigits(session))) {
    world.phones.add(phone, { ...common, direction: 'received', ...seen })
  }
}
