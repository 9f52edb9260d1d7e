import { asId, type KeyId } from '../../kernel/ids.ts'
import { compact } from '../../platforms/wasender/events/fields.ts'
import { chatAddresses, type WaKey } from '../../platforms/wasender/events/key.ts'
import type {
  CallEvent,
  MessageContent,
  WasenderEvent,
} from '../../platforms/wasender/events/types.ts'
import type { Address, Who } from '../../platforms/wasender/jid.ts'
import type { CanonicalMessage, Content, IgnoredMessage } from './canonical.ts'
import { convertMessage } from './inbound/convert.ts'
import { groupLine, participantsLine } from './inbound/group-line.ts'
import { incomingId } from './inbound/incoming-id.ts'
import { type Author, authorOf, personOf } from './inbound/inline.ts'
import { type Telling, tellingOf } from './inbound/telling.ts'
import { wordsIn } from './inbound/wording.ts'

export type { Author } from './inbound/inline.ts'

/** Something that shows up in a conversation, whatever event told of it. */
export type Incoming = {
  /**
   * The same for every event that tells the same thing, as far as they say the same. Becomes Chatwoot's source id.
   */
  id: KeyId
  /** For events that may say different things of it: what finds the id that another event gave it. */
  telling?: Telling
  /** The chat. */
  who: Who
  /** Written or done by the account itself. */
  fromMe: boolean
  /** Milliseconds since 1970. */
  at?: number
  /** The name the other person gave themselves; never ours. */
  pushName?: string
  /** In groups, and only of others. */
  author?: Author
  /** The message's own key; only messages have one, not what happens to them. */
  key?: WaKey
  /** The id under which less of the same message may be shown already. */
  standsFor?: KeyId
  message: CanonicalMessage
}

export type ReadIncoming = { incoming: Incoming } | { ignore: IgnoredMessage } | undefined

/** `heardAt`: when the webhook came, ms since 1970, for events that do not say when they happened. */
type Reader<T extends WasenderEvent['type']> = (
  event: Extract<WasenderEvent, { type: T }>,
  heardAt: number | undefined,
) => ReadIncoming

/** Events that show up in a conversation. All others are about the session, a contact, or a message's ticks. */
const READERS: { [T in WasenderEvent['type']]?: Reader<T> } = {
  message: readMessage,
  sent: readMessage,

  edited: ({ key, message, at, toldAt }, heardAt) =>
    change({
      content: { kind: 'edit', target: key.id, text: wordsIn(message) ?? '' },
      chat: key,
      by: key,
      at,
      toldAt,
      heardAt,
    }),

  revoked: ({ key }, heardAt) =>
    change({ content: { kind: 'revoke', target: key.id }, chat: key, by: key, heardAt }),

  // Without the reaction's own key nobody says who reacted: customers do, agents cannot
  // (docs/platforms/wasender.md#what-is-missing).
  reaction: ({ target, text, reactionKey, at }, heardAt) =>
    change({
      content: {
        kind: 'reaction',
        target: target.id,
        text,
        ...compact({ at, toStory: target.chat.kind === 'status' ? true : undefined }),
      },
      chat: target,
      by: reactionKey,
      ownId: reactionKey?.id,
      at,
      heardAt,
    }),

  // Customers vote, also when the poll is ours.
  'poll-result': ({ key, options }, heardAt) => {
    const tally = options.map(({ name, votes }) => ({ name, votes }))
    const content = { kind: 'poll-result', target: key.id, options: tally } as const
    return change({ content, chat: key, by: undefined, heardAt })
  },

  call: readCall,

  participants: (event, heardAt) =>
    groupChange(event.group, participantsLine(event), event.author, heardAt),

  groups: (event, heardAt) => groupChange(event.group, groupLine(event), event.author, heardAt),
}

/**
 * Brings every event that shows up in a conversation into one shape. `undefined` for all other events, `ignore` for
 * messages that leave no trace. Pure; never throws.
 */
export function readIncoming(event: WasenderEvent, heardAt?: number): ReadIncoming {
  return readOf(event.type, event, heardAt)
}

function readOf<T extends WasenderEvent['type']>(
  type: T,
  event: Extract<WasenderEvent, { type: T }>,
  heardAt: number | undefined,
): ReadIncoming {
  return READERS[type]?.(event, heardAt)
}

function readMessage(event: MessageContent, heardAt: number | undefined): ReadIncoming {
  const converted = convertMessage(event)
  if ('ignore' in converted) return converted
  const { key, at = heardAt } = event
  const { content } = converted.carry
  // An edit may come under the id of what it changes.
  const ownId = 'target' in content && content.target === key.id ? undefined : key.id
  const told = { content, chat: key.chat, fromMe: key.fromMe, ownId, at }
  const id = incomingId(told) ?? key.id
  const incoming = fromMessage(event, converted.carry, id)
  return { incoming: { ...incoming, ...compact({ telling: tellingOf(told) }) } }
}

function fromMessage(event: MessageContent, message: CanonicalMessage, id: KeyId): Incoming {
  const { key, at, pushName } = event
  const { fromMe } = key
  return {
    id,
    who: chatAddresses(key),
    fromMe,
    message,
    ...compact({
      at,
      pushName: fromMe ? undefined : pushName,
      author: authorOf(key, pushName),
      key: id === key.id ? key : undefined,
    }),
  }
}

/** Something that happened to a message, or in its chat. */
type Change = {
  content: Content
  /** A key that leads to the chat. */
  chat: WaKey
  /** The key of who did it; without one it was some customer. */
  by: WaKey | undefined
  ownId?: KeyId | undefined
  at?: number | undefined
  toldAt?: number | undefined
  heardAt: number | undefined
}

function change({ content, chat, by, ownId, at, toldAt, heardAt }: Change): ReadIncoming {
  const fromMe = by?.fromMe ?? false
  const told = { content, chat: chat.chat, fromMe, ownId, at: at ?? heardAt, toldAt }
  const id = incomingId(told)
  if (id === undefined) return undefined
  const who = by === undefined ? chatAddresses(chat) : chatOfChange(by, chat)
  const author = by === undefined ? undefined : authorOf(by, undefined)
  return {
    incoming: {
      id,
      who,
      fromMe,
      message: { content },
      ...compact({ telling: tellingOf(told), at, author }),
    },
  }
}

/**
 * The chat in which something was done to a message, by the key of whoever did it (`by`). The key of that message
 * (`about`) may have been written from the other side, with us as the chat. So it adds addresses only when both keys
 * share one, and never to what we did ourselves.
 */
function chatOfChange(by: WaKey, about: WaKey): Who {
  const who = chatAddresses(by)
  const other = chatAddresses(about)
  const isSame =
    (who.phone !== undefined && who.phone === other.phone) ||
    (who.lid !== undefined && who.lid === other.lid)
  return by.fromMe || !isSame ? who : { ...other, ...who }
}

function readCall(call: CallEvent, heardAt: number | undefined): ReadIncoming {
  const { caller, group, isGroup, isVideo, status, at } = call
  const content: Content = { kind: 'call', video: isVideo, group: isGroup, status }
  const who = group === undefined ? caller : { address: group }
  const told = { content, chat: who.address, fromMe: false, at: at ?? heardAt }
  const id = incomingId({ ...told, ownId: asId<KeyId>(call.id) })
  if (id === undefined) return undefined
  const author = group === undefined ? undefined : personOf(caller)
  const message = { content }
  return { incoming: { id, who, fromMe: false, message, ...compact({ at, author }) } }
}

function groupChange(
  group: Address,
  content: Content | undefined,
  by: Address | undefined,
  heardAt: number | undefined,
): ReadIncoming {
  if (content === undefined) return { ignore: 'noise' }
  const told = { content, chat: group, fromMe: false, at: heardAt }
  const id = incomingId(told)
  if (id === undefined) return undefined
  const author = by === undefined ? undefined : personOf({ address: by })
  const incoming = { id, who: { address: group }, fromMe: false, message: { content } }
  return { incoming: { ...incoming, ...compact({ author, telling: tellingOf(told) }) } }
}
