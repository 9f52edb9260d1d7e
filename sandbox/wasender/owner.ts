import { readAddress } from './addresses.ts'
import { type Chat, chatJid, messagesData, plainKey, updateData } from './bodies.ts'
import { summarize } from './node-summary.ts'
import { type MessageNode, textNode } from './nodes.ts'
import type { OwnChanges } from './own-changes.ts'
import type { Session } from './session.ts'
import type { SessionLife } from './session-life.ts'
import type { World } from './state.ts'
import type { Said, SayOptions } from './voice.ts'
import { emitEvents, laneOf } from './wire.ts'

/** Somebody with a phone, or their address. */
export type To = string | { profile: { phone: string } }
/** `messageSent`: whether `message.sent` tells of it too, as one production bot saw. */
export type TypeOptions = SayOptions & { messageSent?: boolean }

/** Whoever holds the business's own phone: what is done there passes the API by. */
export type Owner = {
  typeOnPhone(to: To, text: string, options?: TypeOptions): Said
  sendRaw(to: To, node: MessageNode, options?: TypeOptions): Said
  edit(keyId: string, text: string): void
  revoke(keyId: string): void
  /** Reads a person's message on the phone: status 4 of a message that is not ours. */
  read(keyId: string, options?: SayOptions): Promise<void>
}

type Parts = World & { ownChanges: OwnChanges; life: SessionLife }

export function createOwner(parts: Parts, session: () => Session): Owner {
  const { phones, directory, webhooks, ownChanges, clock } = parts

  function chatOf(to: To): Chat {
    const address = typeof to === 'string' ? to : to.profile.phone
    const { kind } = readAddress(address)
    if (kind === 'group' || kind === 'channel') return { jid: address }
    const person = directory.resolve(address)
    if (person === undefined) throw new Error('Nobody has this address')
    return { person }
  }

  function known(keyId: string) {
    const message = phones.find(keyId)
    if (message === undefined) throw new Error('No phone has this message')
    return { keyId, chat: chatOf(message.chat) }
  }

  return {
    typeOnPhone: (to, text, options) => type(parts, session(), chatOf(to), textNode(text), options),
    sendRaw: (to, node, options) => type(parts, session(), chatOf(to), node, options),
    edit: (keyId, text) => void ownChanges.edit(session(), known(keyId), text, LIKE_PHONE),
    revoke: (keyId) => void ownChanges.revoke(session(), known(keyId), LIKE_PHONE),
    read: async (keyId, options = {}) => {
      const { chat } = known(keyId)
      const sender = 'person' in chat ? chat.person : undefined
      phones.change(keyId, { readAt: clock.now() })
      await webhooks.send(session(), {
        event: 'messages.update',
        data: (form) => {
          const key = { ...plainKey({ keyId, chat, sender }, form), fromMe: false }
          return updateData(key, { status: 4 }, form)
        },
        lane: laneOf(chat),
        variant: options,
      })
    },
  }
}

/** Messages typed on a phone were seen with LIDs. */
const LIKE_PHONE = { addressing: 'lid' } as const

function type(
  { random, clock, phones, webhooks, groups, life }: Parts,
  session: Session,
  chat: Chat,
  node: MessageNode,
  options: TypeOptions = {},
): Said {
  const { keyId = random.keyId('3A', 20), at = clock.now(), messageSent, extra, ...rest } = options
  const { session: _id, ...form } = rest
  const wire = { keyId, chat, node, pushName: session.name, at, status: 2, extra }
  const copy = {
    keyId,
    sessionId: session.id,
    direction: 'received',
    chat: chatJid(chat, { addressing: 'pn' }),
    typed: true,
    node,
    at,
    ...summarize(node),
  } as const
  const readers =
    'person' in chat ? [chat.person.phone] : [...(groups.find(chat.jid)?.members.keys() ?? [])]
  for (const phone of readers) phones.add(phone, { ...copy })
  const sent = (variant: SayOptions) => ({
    key: plainKey({ keyId, chat, sender: undefined }, variant),
    message: node,
    success: true,
  })
  const usual = {
    'messages.upsert': (variant: SayOptions) => messagesData(wire, variant),
    ...(messageSent ? { 'message.sent': sent } : {}),
  }
  const events = { usual, onDemand: { 'message.sent': sent } }
  // The gateway hears of it when it is connected, as of everything else that happens on the phone.
  const tell = () => emitEvents(webhooks, session, chat, events, form)
  return { keyId, at, delivered: life.whenConnected(session, tell) }
}
