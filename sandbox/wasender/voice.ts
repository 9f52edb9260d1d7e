import { pnJid } from './addresses.ts'
import { type Chat, chatJid, type WireMessage } from './bodies.ts'
import type { Profile } from './directory.ts'
import { ownDigits } from './group-registry.ts'
import { summarize } from './node-summary.ts'
import {
  type Contact,
  contactNode,
  extendedTextNode,
  type Location,
  locationNode,
  type MediaKind,
  type MessageNode,
  mediaNode,
  type Poll,
  pollNode,
  quoteInfo,
  textNode,
} from './nodes.ts'
import type { Session } from './session.ts'
import type { SessionLife } from './session-life.ts'
import type { World } from './state.ts'
import type { Fields } from './variant.ts'
import { editEvents, encryptedEditEvents, reactionEvents, revokeEvents } from './voice-events.ts'
import { type EmitOptions, type EventData, emitEvents, incomingEvents } from './wire.ts'

export type SayOptions = EmitOptions & {
  keyId?: string
  /** When it was written, milliseconds since 1970. */
  at?: number
  /** Which of our sessions it goes to. */
  session?: number
  /** Fields next to `message`, such as `messageStubType`. */
  extra?: Fields
}
export type MediaOptions = SayOptions & { mimetype: string; fileName?: string; caption?: string }

/** `isEncrypted`: the new text can be read in the update alone, as WhatsApp's own clients do it now. */
export type EditOptions = SayOptions & { isEncrypted?: boolean }

/** A message somebody wrote. `delivered` resolves when its webhooks are through. */
export type Said = { keyId: string; at: number; delivered: Promise<void> }

/** What a person can say in one chat. */
export type Voice = {
  sendText(text: string, options?: SayOptions): Said
  /** Encrypts the bytes and hosts them like WhatsApp does. */
  sendMedia(kind: MediaKind, bytes: Uint8Array, options: MediaOptions): Said
  sendLocation(location: Location, options?: SayOptions): Said
  sendContact(contact: Contact, options?: SayOptions): Said
  sendPoll(poll: Poll, options?: SayOptions): Said
  /** Any node; none at all for a message that cannot be decrypted. */
  sendRaw(node: MessageNode | undefined, options?: SayOptions): Said
  /** Quotes a message of either side. */
  reply(quotedKeyId: string, text: string, options?: SayOptions): Said
  /** An empty emoji takes the reaction back. */
  react(targetKeyId: string, emoji: string, options?: SayOptions): Said
  edit(keyId: string, text: string, options?: EditOptions): Said
  revoke(keyId: string, options?: SayOptions): Said
}

export type Speaker = {
  profile: Profile
  chat: Chat
  target: (options: SayOptions | undefined) => Session
}
export type VoiceParts = World & { life: SessionLife }

/** Lets a person speak in a chat. */
export function createVoice(parts: VoiceParts, speaker: Speaker): Voice {
  const { phones, cdn, clock } = parts
  const { profile, chat } = speaker
  const send = (node: MessageNode | undefined, given?: SayOptions) =>
    say(parts, speaker, node, incomingEvents, given)
  /** The author of a message counts as us when it came from the business. */
  const authorOf = (keyId: string): Profile | undefined =>
    phones.find(keyId)?.direction === 'received' ? undefined : profile
  const targetOf = (keyId: string) => ({ keyId, chat, sender: authorOf(keyId) })

  return {
    sendText: (text, given) => send(textNode(text), given),
    sendMedia: (kind, bytes, { mimetype, caption, fileName, ...given }) => {
      const details = {
        ...(caption === undefined ? {} : { caption }),
        ...(fileName === undefined ? {} : { fileName }),
      }
      return send(mediaNode(kind, cdn.host(kind, bytes, mimetype), details), given)
    },
    sendLocation: (location, given) => send(locationNode(location), given),
    sendContact: (contact, given) => send(contactNode(contact), given),
    sendPoll: (poll, given) => send(pollNode(poll), given),
    sendRaw: send,
    reply: (keyId, text, given) => {
      const own = pnJid(ownDigits(speaker.target(given)))
      const participant = authorOf(keyId) === undefined ? own : pnJid(profile.phone)
      const quote = { keyId, participant, node: phones.find(keyId)?.node ?? {} }
      return send(extendedTextNode(text, quoteInfo(quote)), given)
    },
    react: (keyId, emoji, given) => {
      const action = reactionEvents(targetOf(keyId), emoji, clock.now())
      return say(parts, speaker, action.node, action.events, given)
    },
    edit: (keyId, text, { isEncrypted = false, ...given } = {}) => {
      phones.change(keyId, { text, editedAt: clock.now() })
      const edit = isEncrypted ? encryptedEditEvents : editEvents
      const action = edit(targetOf(keyId), text, clock.now())
      return say(parts, speaker, action.node, action.events, given)
    },
    revoke: (keyId, given) => {
      phones.change(keyId, { deletedAt: clock.now() })
      const action = revokeEvents(targetOf(keyId))
      return say(parts, speaker, action.node, action.events, given)
    },
  }
}

function say(
  parts: VoiceParts,
  { profile, chat, target }: Speaker,
  node: MessageNode | undefined,
  eventsOf: (message: WireMessage) => EventData,
  given: SayOptions = {},
): Said {
  const { random, clock, phones, life, webhooks } = parts
  const { keyId = random.keyId('3EB0', 22), at = clock.now(), extra, session: _id, ...form } = given
  const session = target(given)
  const wire = { keyId, chat, sender: profile, node, pushName: profile.name, at, extra }
  const seen = summarize(node)
  if (node !== undefined && !isChange(node)) {
    const common = { keyId, sessionId: session.id, node, at, ...seen }
    phones.add(profile.phone, {
      ...common,
      direction: 'sent',
      chat: chatJid(chat, { addressing: 'pn' }),
    })
    if (session.readIncomingMessages) phones.change(keyId, { readAt: at })
  }
  const delivered = isKeptOut(session, chat, profile)
    ? Promise.resolve()
    : life.whenConnected(session, () => emitEvents(webhooks, session, chat, eventsOf(wire), form))
  return { keyId, at, delivered }
}

/** Changes another message and is none itself. */
const isChange = (node: MessageNode) =>
  'protocolMessage' in node || 'secretEncryptedMessage' in node

/** The session's own filters, and people who are blocked (docs/platforms/wasender.md#session-settings). */
function isKeptOut(session: Session, chat: Chat, { blocked }: Profile): boolean {
  if ('person' in chat) return blocked
  const filters: [suffix: string, isOn: boolean][] = [
    ['@g.us', session.ignoreGroups],
    ['@newsletter', session.ignoreChannels],
    ['@broadcast', session.ignoreBroadcasts],
  ]
  return filters.some(([suffix, isOn]) => isOn && chat.jid.endsWith(suffix))
}
