import type { Contact, Location, MediaKind, Poll } from '../../wasender/nodes.ts'
import {
  contactNode,
  extendedTextNode,
  locationNode,
  pollNode,
  quoteInfo,
} from '../../wasender/nodes.ts'
import type { WasenderStandIn } from '../../wasender/server.ts'
import { hostMedia } from '../media/host-media.ts'
import type { Sample } from '../samples/samples.ts'
import type { StageChat } from '../stage.ts'

/** What can be done on a phone in one chat, on the business's like on a customer's. */
export type PhoneVoice = {
  text(text: string): void
  media(kind: MediaKind, file: Sample, caption?: string): void
  location(location: Location): void
  contact(contact: Contact): void
  poll(poll: Poll): void
  reply(quotedKeyId: string, text: string): void
  react(keyId: string, emoji: string): void
  edit(keyId: string, text: string): void
  revoke(keyId: string): void
}

/** The phone of somebody in a chat. `from` are their digits, or `business`. */
export function phoneVoice(wasender: WasenderStandIn, chat: StageChat, from: string): PhoneVoice {
  if (from === 'business') return ownVoice(wasender, chat)
  if (!chat.members.includes(from)) throw new Error('Nobody of this number is in the chat')
  const person = wasender.person({ phone: from })
  const voice = chat.isGroup ? person.inGroup(chat.id) : person
  return {
    text: (text) => void voice.sendText(text),
    media: (kind, { bytes, mimetype, fileName }, caption) => {
      const named = kind === 'document' ? { fileName } : {}
      const described = caption === undefined ? {} : { caption }
      voice.sendMedia(kind, bytes, { mimetype, ...named, ...described })
    },
    location: (location) => void voice.sendLocation(location),
    contact: (contact) => void voice.sendContact(contact),
    poll: (poll) => void voice.sendPoll(poll),
    reply: (keyId, text) => void voice.reply(keyId, text),
    react: (keyId, emoji) => void voice.react(keyId, emoji),
    edit: (keyId, text) => void voice.edit(keyId, text),
    revoke: (keyId) => void voice.revoke(keyId),
  }
}

/** The phone of the business: what is done there passes the gateway's API by. */
function ownVoice(wasender: WasenderStandIn, { id, members }: StageChat): PhoneVoice {
  const { owner } = wasender
  const jid = id.includes('@') ? id : `${id}@s.whatsapp.net`
  const find = (keyId: string) =>
    members.flatMap((phone) => wasender.chat(phone)).find((message) => message.keyId === keyId)
  return {
    text: (text) => void owner.typeOnPhone(id, text),
    media: (kind, file, caption) => {
      const described = caption === undefined ? {} : { caption }
      owner.sendRaw(id, hostMedia(wasender, kind, file, described))
    },
    location: (location) => void owner.sendRaw(id, locationNode(location)),
    contact: (contact) => void owner.sendRaw(id, contactNode(contact)),
    poll: (poll) => void owner.sendRaw(id, pollNode(poll)),
    reply: (keyId, text) => {
      const quoted = { keyId, participant: jid, node: find(keyId)?.node ?? {} }
      owner.sendRaw(id, extendedTextNode(text, quoteInfo(quoted)))
    },
    react: (keyId, text) => {
      const key = { remoteJid: jid, id: keyId, fromMe: find(keyId)?.direction === 'received' }
      owner.sendRaw(id, { reactionMessage: { key, text, senderTimestampMs: String(Date.now()) } })
    },
    edit: owner.edit,
    revoke: owner.revoke,
  }
}
