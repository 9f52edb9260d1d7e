import { chatJid, messagesData, plainKey, updateData, type WireMessage } from './bodies.ts'
import type { MessageNode } from './nodes.ts'
import type { Variant } from './variant.ts'
import type { EventData } from './wire.ts'

/** The message a reaction, edit or deletion is about; without `sender` it is ours. */
export type Target = Pick<WireMessage, 'keyId' | 'chat' | 'sender'>
type Action = { node: MessageNode; events: (message: WireMessage) => EventData }

/** WhatsApp names the target by phone JID even where the chat is addressed by LID. */
const innerKey = ({ keyId, chat, sender }: Target) => ({
  remoteJid: chatJid(chat, { addressing: 'pn' }),
  fromMe: sender === undefined,
  id: keyId,
})

const asUpsert = (message: WireMessage) => (form: Variant) => messagesData(message, form)

/** A reaction comes as a message and as an event of its own (docs/platforms/wasender.md#reactions). */
export function reactionEvents(target: Target, emoji: string, at: number): Action {
  const senderTimestampMs = String(at)
  return {
    node: { reactionMessage: { key: innerKey(target), text: emoji, senderTimestampMs } },
    events: (message) => ({
      usual: {
        'messages.upsert': asUpsert(message),
        'messages.reaction': (form) => [
          {
            key: plainKey(target, form),
            reaction: { text: emoji, senderTimestampMs, key: plainKey(message, form) },
          },
        ],
      },
    }),
  }
}

/**
 * An edit comes as a protocol message and as an update without a status (docs/platforms/wasender.md#status-changes).
 */
export function editEvents(target: Target, text: string, at: number): Action {
  const editedMessage = { conversation: text }
  const timestampMs = String(at)
  const protocolMessage = { key: innerKey(target), type: 14, editedMessage, timestampMs }
  return { node: { protocolMessage }, events: toldOfEdit(target, text, at) }
}

/**
 * WhatsApp encrypts edits for its own clients, and then tells the text in the update alone
 * (docs/platforms/wasender.md#kinds-of-message).
 */
export function encryptedEditEvents(target: Target, text: string, at: number): Action {
  const secretEncryptedMessage = {
    targetMessageKey: innerKey(target),
    encPayload: Buffer.from('for clients of WhatsApp only').toString('base64'),
    encIv: Buffer.alloc(12, 7).toString('base64'),
    secretEncType: 2,
  }
  return { node: { secretEncryptedMessage }, events: toldOfEdit(target, text, at) }
}

/** As a message, and as an update without a status. */
function toldOfEdit(target: Target, text: string, at: number): Action['events'] {
  const update = {
    message: { editedMessage: { message: { conversation: text } } },
    messageTimestamp: Math.floor(at / 1000),
  }
  return (message) => ({
    usual: {
      'messages.upsert': asUpsert(message),
      'messages.update': (form) => updateData(plainKey(target, form), update, form),
    },
  })
}

/**
 * A deletion for everyone; which events carry it is unknown, so all three can be had
 * (docs/platforms/wasender.md#deletions).
 */
export function revokeEvents(target: Target): Action {
  return {
    node: { protocolMessage: { key: innerKey(target), type: 0 } },
    events: (message) => ({
      usual: {
        'messages.upsert': asUpsert(message),
        'messages.update': (form) => {
          const update = { message: null, messageStubType: 1, key: plainKey(message, form) }
          return updateData(plainKey(target, form), update, form)
        },
      },
      onDemand: { 'messages.delete': (form) => ({ keys: [plainKey(target, form)] }) },
    }),
  }
}
