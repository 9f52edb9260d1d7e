import { lidJid, pnJid } from './addresses.ts'
import type { Profile } from './directory.ts'
import { summarize } from './node-summary.ts'
import type { MessageNode } from './nodes.ts'
import { type Fields, shaped, stamp, type Variant } from './variant.ts'

/** Where a message is: with one person, or in a group, channel or the stories, by JID. */
export type Chat = { person: Profile } | { jid: string }

/** A message as the gateway knows it, before a variant decides how its webhook looks. */
export type WireMessage = {
  keyId: string
  chat: Chat
  /** Who wrote it; absent when it is ours. */
  sender?: Profile | undefined
  /** Absent for a message that could not be decrypted. */
  node?: MessageNode | undefined
  pushName: string
  /** Milliseconds since 1970. */
  at: number
  /** Ack of our own messages. */
  status?: number
  /** Fields next to `message`, such as `messageStubType`. */
  extra?: Fields | undefined
}

/** How a person is addressed: by LID where they have one, unless the number is asked for. */
export function jidOf(person: Profile, { addressing = 'lid' }: Variant): string {
  const byLid = person.hidePhone || addressing === 'lid'
  return byLid && person.lid !== undefined ? lidJid(person.lid) : pnJid(person.phone)
}

/** The JID of a chat. */
export function chatJid(chat: Chat, variant: Variant): string {
  return 'jid' in chat ? chat.jid : jidOf(chat.person, variant)
}

/** The short key of updates, receipts, reactions and deletions. */
export function plainKey(
  { keyId, chat, sender }: Pick<WireMessage, 'keyId' | 'chat' | 'sender'>,
  variant: Variant,
): Fields {
  const participant = sender && 'jid' in chat ? { participant: jidOf(sender, variant) } : {}
  const fromMe = isOurs({ sender })
  return { remoteJid: chatJid(chat, variant), id: keyId, fromMe, ...participant }
}

const isOurs = ({ sender }: Pick<WireMessage, 'sender'>) => sender === undefined

/** `data.messages[]` of every message event (docs/platforms/wasender.md#message-object). */
export function messageEntry(message: WireMessage, variant: Variant): Fields {
  const key = fullKey(message, variant)
  return shaped(
    {
      key,
      messageTimestamp: stamp(message.at, variant),
      pushName: message.pushName,
      broadcast: key.remoteJid === 'status@broadcast',
      status: message.status,
      ...message.extra,
      message: message.node,
      messageBody: summarizeBody(message.node),
      remoteJid: key.remoteJid,
      id: message.keyId,
    },
    variant,
  )
}

/** `{messages: …}` in the container the variant asks for. */
export function messagesData(message: WireMessage, variant: Variant): Fields {
  const entry = messageEntry(message, variant)
  return { messages: variant.container === 'array' ? [entry] : entry }
}

/**
 * `data` of `messages.update`; `update` is `{status}`, an edit or a revoke (docs/platforms/wasender.md#status-changes).
 */
export function updateData(key: Fields, update: Fields, { update: form = 'flat' }: Variant) {
  return {
    flat: { update, key },
    nested: { update: { key, update } },
    array: [{ update, key }],
  }[form]
}

function fullKey(message: WireMessage, variant: Variant): Fields {
  const { chat, sender } = message
  const remoteJid = chatJid(chat, variant)
  const base = { id: message.keyId, fromMe: isOurs(message), remoteJid }
  if (remoteJid.endsWith('@newsletter')) return base
  const addressingMode = remoteJid.endsWith('@s.whatsapp.net') ? 'pn' : 'lid'
  const identity = 'person' in chat ? directIdentity(message, chat.person) : groupIdentity(sender)
  const alternatives = variant.alternatives ? alternativesOf(message, remoteJid) : {}
  const participant = sender && !('person' in chat) ? jidOf(sender, variant) : undefined
  return shaped({ ...base, participant, ...identity, ...alternatives, addressingMode }, variant)
}

function directIdentity({ sender }: WireMessage, person: Profile): Fields {
  if (sender === undefined) return {}
  return { ...numberOf(person, 'senderPn', 'cleanedSenderPn'), senderLid: lidOf(person) }
}

function groupIdentity(sender: Profile | undefined): Fields {
  if (sender === undefined) return {}
  const number = numberOf(sender, 'participantPn', 'cleanedParticipantPn')
  return { ...number, participantLid: lidOf(sender) }
}

function numberOf(person: Profile, jidField: string, digitsField: string): Fields {
  if (person.hidePhone) return {}
  return { [jidField]: pnJid(person.phone), [digitsField]: person.phone }
}

function lidOf({ lid }: Profile): string | undefined {
  return lid === undefined ? undefined : lidJid(lid)
}

function alternativesOf({ chat, sender }: WireMessage, remoteJid: string): Fields {
  const person = 'person' in chat ? chat.person : sender
  if (person === undefined || person.hidePhone) return {}
  const other = remoteJid.endsWith('@s.whatsapp.net') ? lidOf(person) : pnJid(person.phone)
  return { ['person' in chat ? 'remoteJidAlt' : 'participantAlt']: other }
}

/** Polls, reactions and protocol messages have an empty `messageBody`, also where they hold words. */
function summarizeBody(node: MessageNode | undefined): string {
  const { kind, text } = summarize(node)
  return kind === 'reaction' ? '' : (text ?? '')
}
