import type { Account } from '../../accounts/account.ts'
import { type Incoming, readIncoming } from '../../content/message/incoming.ts'
import { compact } from '../../platforms/wasender/events/fields.ts'
import {
  chatAddresses,
  type GroupsEvent,
  type ParticipantsEvent,
  type WasenderEvent,
} from '../../platforms/wasender/events/index.ts'
import type { Address, Who } from '../../platforms/wasender/jid.ts'
import type { StatusLaneEvent } from '../events.ts'
import type { InEvent, LaterEvent, ShownEvent } from '../inbound/inbound-events.ts'
import { shownAs } from '../inbound/message-type.ts'
import { isUndecrypted } from '../inbound/undecrypted.ts'

/** Where an event has to wait, and behind what. */
export type Route =
  /**
   * In the lane of its chat, in the order of WhatsApp's clock. `at`: by that clock, ms since 1970, when it says so.
   * `ifKnown`: only if the chat has a conversation.
   */
  | { to: 'chat'; who: Who; order: number; at?: number; event: InEvent; ifKnown?: true }
  /** `who` is absent when nobody is named. */
  | { to: 'status'; who?: Who; event: StatusLaneEvent }
  /** In a lane of its own, for at least `waitMs`. */
  | { to: 'aside'; name: string; waitMs: number; event: LaterEvent }

type Reading = { account: Account; now: number }
type RouteOf<T extends WasenderEvent['type']> = (
  event: Extract<WasenderEvent, { type: T }>,
  reading: Reading,
) => Route | undefined

/** How long the full version of a message that could not be decrypted may take. */
const CONTENT_WAIT_MS = 60_000
/** Votes within such a span make one message. */
const VOTES_WAIT_MS = 4_000

/** How long the words of an encrypted edit may take. */
const EDIT_WAIT_MS = 3_000

/** WhatsApp's own time, in seconds. Webhooks of one chat overtake each other (docs/platforms/wasender.md#webhooks). */
export function orderOf(at: number | undefined, now: number): number {
  const isTime = at !== undefined && at < now + DAY_MS
  return Math.floor((isTime ? at : now) / 1000)
}

/** Further ahead is no clock that differs a little; it would be overtaken by all that comes. */
const DAY_MS = 24 * 3_600_000

/** The route of something that shows up in a conversation, as far as the account wants it. */
function shown(event: ShownEvent, { account, now }: Reading): Route | undefined {
  const incoming = incomingOf(event, now)
  if (incoming === undefined || !isWanted(account, incoming.who.address)) return undefined
  if (shownAs(account, incoming) === undefined && !mayBeEcho(incoming)) return undefined
  const { who, at } = incoming
  return { to: 'chat', who, order: orderOf(at, now), event, ...compact({ at }) }
}

/** An echo is not shown, but it tells the WhatsApp id of what was sent. */
function mayBeEcho({ fromMe, key }: Incoming): boolean {
  return fromMe && key !== undefined
}

function incomingOf(event: ShownEvent, now: number): Incoming | undefined {
  const read = readIncoming(event, now)
  return read !== undefined && 'incoming' in read ? read.incoming : undefined
}

/** The words of an encrypted edit may come by another event. */
function inTime({ message }: Incoming, event: ShownEvent, reading: Reading): Route | undefined {
  const route = shown(event, reading)
  if (route === undefined || message.content.kind !== 'encrypted-edit') return route
  return {
    to: 'aside',
    name: `edit:${message.content.target}`,
    waitMs: EDIT_WAIT_MS,
    event: { type: 'later', for: 'edit', event },
  }
}

const message: RouteOf<'message'> = (event, reading) => {
  const read = readIncoming(event, reading.now)
  if (read === undefined) return undefined
  if ('incoming' in read) return inTime(read.incoming, event, reading)
  const { account } = reading
  if (!isUndecrypted(event, read.ignore) || !isWanted(account, event.key.chat)) return undefined
  return {
    to: 'aside',
    name: `content:${event.key.id}`,
    waitMs: CONTENT_WAIT_MS,
    event: { type: 'later', for: 'content', event },
  }
}

const status: RouteOf<'status'> = (event, { account, now }) => {
  const who = chatAddresses(event.key)
  if (event.key.fromMe) return { to: 'status', who, event }
  if (event.status < 4 || !isWanted(account, who.address)) return undefined
  const seen = { type: 'seen', who, keyId: event.key.id } as const
  return { to: 'chat', who, order: orderOf(undefined, now), event: seen, ifKnown: true }
}

const votes: RouteOf<'poll-result'> = (event, reading) => {
  const route = shown(event, reading)
  if (route === undefined) return undefined
  return {
    to: 'aside',
    name: `votes:${event.key.id}`,
    waitMs: VOTES_WAIT_MS,
    event: { type: 'later', for: 'votes', event },
  }
}

const sendFailed: RouteOf<'send-failed'> = (event) => {
  const address = event.to ?? event.key?.chat
  if (address === undefined) return { to: 'status', event }
  const phone = address.kind === 'phone' ? { phone: address.digits } : {}
  return { to: 'status', who: { address, ...phone }, event }
}

/** Joins, leaves and the like are of no interest before anybody has written in the group. */
function inGroup(
  event: ParticipantsEvent | GroupsEvent,
  { account, now }: Reading,
): Route | undefined {
  const who = { address: event.group }
  if (!isWanted(account, who.address)) return undefined
  return { to: 'chat', who, order: orderOf(undefined, now), event, ifKnown: true }
}

const contacts: RouteOf<'contacts'> = (event, { account, now }) =>
  isWanted(account, event.contact.address)
    ? { to: 'chat', who: event.contact, order: orderOf(undefined, now), event }
    : undefined

/**
 * No unread message left: the chat was read on another device (docs/platforms/wasender.md#chats-contacts-and-groups).
 */
const chats: RouteOf<'chats'> = ({ action, chat, unread }, { account, now }) =>
  action === 'update' && unread === 0 && isWanted(account, chat.address)
    ? {
        to: 'chat',
        who: chat,
        order: orderOf(undefined, now),
        event: { type: 'seen', who: chat },
        ifKnown: true,
      }
    : undefined

const ROUTES: { [T in WasenderEvent['type']]?: RouteOf<T> } = {
  message,
  sent: shown,
  edited: shown,
  revoked: shown,
  reaction: shown,
  call: shown,
  'poll-result': votes,
  participants: inGroup,
  groups: inGroup,
  status,
  receipt: (event) =>
    event.key.fromMe ? { to: 'status', who: chatAddresses(event.key), event } : undefined,
  'send-failed': sendFailed,
  contacts,
  chats,
}

/** Where to put an event; `undefined` for what matters to nobody, or only to the session. */
export function routeOf(account: Account, event: WasenderEvent, now: number): Route | undefined {
  const route = ROUTES[event.type] as RouteOf<typeof event.type> | undefined
  return route?.(event as never, { account, now })
}

type Choice = (options: Account['options']) => boolean

/** Which kinds of chat an account wants to see in Chatwoot. */
const WANTED: Readonly<Record<Address['kind'], Choice>> = {
  phone: () => true,
  lid: () => true,
  group: (options) => options.groups === 'bridge',
  newsletter: (options) => options.channels === 'bridge',
  status: (options) => options.channels === 'bridge',
  broadcast: (options) => options.channels === 'bridge',
}

/** Whether what happens in this chat is carried at all (options `groups` and `channels`). */
export function isWanted(account: Account, { kind }: Address): boolean {
  return WANTED[kind](account.options)
}
