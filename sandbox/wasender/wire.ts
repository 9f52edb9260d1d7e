import { type Chat, chatJid, messageEntry, messagesData, type WireMessage } from './bodies.ts'
import type { Session } from './session.ts'
import type { Fields, Variant } from './variant.ts'
import type { Webhooks } from './webhooks.ts'

/** How one action of a person or the owner reaches the bridge. */
export type EmitOptions = Variant & {
  /** Exactly these events, subscribed or not; by default all that production sends, as subscribed. */
  events?: string[]
}

/** Webhooks about one chat keep their order; this names the chat whatever form its JID has. */
export const laneOf = (chat: Chat): string => ('person' in chat ? chat.person.phone : chat.jid)

type Data = (variant: Variant) => unknown

/** What an action looks like as each event; `onDemand` ones are sent only when asked for by name. */
export type EventData = { usual: Record<string, Data>; onDemand?: Record<string, Data> }

/** Sends one webhook per event. Resolves when all of them are through. */
export async function emitEvents(
  webhooks: Webhooks,
  session: Session,
  chat: Chat,
  { usual, onDemand }: EventData,
  { events, ...variant }: EmitOptions,
): Promise<void> {
  const data = { ...usual, ...onDemand }
  const hooks = (events ?? Object.keys(usual)).map((event) => {
    const build = data[event]
    if (build === undefined) throw new Error(`This action is never told as ${event}`)
    const always = events !== undefined
    return webhooks.send(session, { event, data: build, lane: laneOf(chat), variant, always })
  })
  await Promise.all(hooks)
}

/** The events of an ordinary incoming message: up to three for one message (docs/platforms/wasender.md#events). */
export function incomingEvents(message: WireMessage): EventData {
  const all: Data = (variant) => messagesData(message, variant)
  const { chat } = message
  const special = SPECIAL.find(({ fits }) => fits(chat))?.event
  return {
    usual: {
      'messages.upsert': all,
      ...(special === undefined ? {} : { 'messages.received': all, [special]: all }),
    },
    onDemand: { 'chats.update': (variant) => embeddedInChat(message, variant) },
  }
}

/**
 * The chat's own update with the message inside, which some integrations saw instead
 * (docs/platforms/wasender.md#chats-contacts-and-groups).
 */
function embeddedInChat(message: WireMessage, variant: Variant): Fields {
  const id = chatJid(message.chat, variant)
  return { chats: { id, messages: [{ message: messageEntry(message, variant) }] } }
}

const endsWith = (suffix: string) => (chat: Chat) => 'jid' in chat && chat.jid.endsWith(suffix)
const SPECIAL: { event: string; fits: (chat: Chat) => boolean }[] = [
  { event: 'messages-personal.received', fits: (chat) => 'person' in chat },
  { event: 'messages-group.received', fits: endsWith('@g.us') },
  { event: 'messages-newsletter.received', fits: endsWith('@newsletter') },
]
