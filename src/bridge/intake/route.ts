import { randomUUID } from 'node:crypto'
import type { Account } from '../../accounts/account.ts'
import { type Incoming, readIncoming } from '../../content/message/incoming.ts'
import type { Clock } from '../../kernel/clock.ts'
import { PermanentError } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { People } from '../../people/people.ts'
import type { ConversationEvent, MessageEvent } from '../../platforms/chatwoot/events.ts'
import { compact } from '../../platforms/wasender/events/fields.ts'
import {
  chatAddresses,
  type GroupsEvent,
  type ParticipantsEvent,
  type WasenderEvent,
} from '../../platforms/wasender/events/index.ts'
import { type Address, aliasOf, type Who } from '../../platforms/wasender/jid.ts'
import { type Direction, type Lane, laneName, type NewEntry } from '../../queue/entry.ts'
import type { Lanes } from '../../queue/lanes.ts'
import type { TurnOptions } from '../../queue/turn.ts'
import { storageTrouble } from '../../state/storage-trouble.ts'
import type { ContactDeletedEvent, StatusLaneEvent } from '../events.ts'
import type { DeletedContacts } from '../forget/deleted-contacts.ts'
import type { DeferredEvent, InEvent, ShownEvent } from '../inbound/inbound-events.ts'
import { messageType } from '../inbound/message-type.ts'
import { isUndecrypted } from '../inbound/undecrypted.ts'
import { createLaneKeys, type OutLane, placeOf } from './out-lane.ts'

/**
 * Something a webhook brought, before anybody was asked whose chat it belongs to: the answer may be in a Redis that is
 * away. Plain JSON, because that is where it may have to wait.
 */
export type Arrival = { account: AccountId; receivedAt: number } & (
  | { from: 'wasender'; route: Route }
  | { from: 'chatwoot'; event: MessageEvent | ConversationEvent | ContactDeletedEvent }
)

/**
 * Where an arrival goes; `undefined` when there is nothing left to do. `ahead`: names of the lanes that arrivals before it
 * go to and may not be in yet.
 */
export type RouteArrival = (
  arrival: Arrival,
  ahead: ReadonlySet<string>,
) => Promise<NewEntry | undefined>

type FromWasender = Extract<Arrival, { from: 'wasender' }>
type FromChatwoot = Extract<Arrival, { from: 'chatwoot' }>

/** Finds the lane of whatever comes in. */
export function createRouteArrival(deps: {
  people: People
  conversations: Conversations
  lanes: Pick<Lanes, 'size'>
  outLane: OutLane
  reorderWindow: Pick<ReorderWindow, 'waitFor'>
  deletedContacts: Pick<DeletedContacts, 'add'>
  clock: Clock
}): RouteArrival {
  const { people, conversations, outLane, reorderWindow, clock } = deps
  const laneKey = createLaneKeys(people)

  async function hasConversation(account: AccountId, who: Who): Promise<boolean> {
    const chat = await people.find(account, who)
    const known = chat === undefined ? undefined : await conversations.get(account, chat)
    return known?.conversationId !== undefined
  }

  /**
   * What came under a LID alone waits in a lane of that name until its number was asked for; whatever follows stays behind
   * it, also when it tells the number itself.
   */
  async function inLane(account: AccountId, who: Who, ahead: ReadonlySet<string>): Promise<Lane> {
    const lane = (key: string): Lane => ({ direction: 'in', account, key })
    const known = lane(await laneKey({ id: account }, who))
    const alone = who.lid === undefined ? known : lane(aliasOf({ kind: 'lid', id: who.lid }))
    if (alone.key === known.key) return known
    const isWaiting = ahead.has(laneName(alone)) || (await deps.lanes.size(alone)) > 0
    return isWaiting ? alone : known
  }

  /** Counted from when it came, which is long ago for what waited in the spool. */
  function delayMs(receivedAt: number, at: number): number {
    return clock.now() - receivedAt + reorderWindow.waitFor(at)
  }

  async function fromWasender(
    { account, receivedAt, route }: FromWasender,
    ahead: ReadonlySet<string>,
  ) {
    const { event } = route
    const lane = (direction: Direction, key: string): Lane => ({ direction, account, key })
    switch (route.to) {
      case 'chat': {
        if (route.ifKnown && !(await hasConversation(account, route.who))) return undefined
        const { who, order, at } = route
        const resolveChat = at === undefined ? {} : { delayMs: delayMs(receivedAt, at) }
        return { lane: await inLane(account, who, ahead), order, receivedAt, event, ...resolveChat }
      }
      case 'status': {
        const { who } = route
        const key = who === undefined ? 'failures' : await laneKey({ id: account }, who)
        return { lane: lane('status', key), order: 0, receivedAt, event }
      }
      case 'aside':
        return { lane: lane('in', route.name), order: 0, receivedAt, event, delayMs: route.waitMs }
    }
  }

  async function fromChatwoot(
    { account, receivedAt, event }: FromChatwoot,
    ahead: ReadonlySet<string>,
  ) {
    if (event.type === 'conversation') {
      await conversations.heard(account, event.conversation)
      return undefined
    }
    if (event.type === 'contact') {
      await deps.deletedContacts.add(account, event.contact.id)
      return undefined
    }
    const lane = await outLane(account, event.conversation, ahead)
    return { lane, receivedAt, event, ...placeOf(event) }
  }

  return (arrival, ahead) =>
    arrival.from === 'wasender' ? fromWasender(arrival, ahead) : fromChatwoot(arrival, ahead)
}

/**
 * What happens to an arrival that cannot be put into its lane: it becomes a dead letter of a lane that is named without asking
 * anybody, so that a person can have it tried again. What is no message goes: what is known of a conversation is told again
 * with its next change.
 */
export function createGiveUpArrival(
  deps: Pick<TurnOptions, 'giveUp' | 'onAttemptFailed'> & {
    onWorkerError: (error: unknown) => void
  },
) {
  return async (arrival: Arrival, cause: unknown): Promise<void> => {
    const lane = laneOf(arrival)
    if (lane === undefined) return deps.onWorkerError(cause)
    const { account, receivedAt } = arrival
    const event = arrival.from === 'wasender' ? arrival.route.event : arrival.event
    const entry = { id: `${randomUUID()}.${receivedAt}`, receivedAt, event, attempts: 0 }
    const error = new PermanentError(
      `Account ${account}: Redis takes other messages but not this one: ${storageTrouble(cause)}.`,
      { code: 'bridge.not_placed', context: { account }, cause },
    )
    deps.onAttemptFailed({ lane, entry, error })
    await deps.giveUp(entry, lane, error)
  }
}

function laneOf({ account, ...arrival }: Arrival): Lane | undefined {
  if (arrival.from === 'wasender') {
    const { route } = arrival
    return route.to === 'status'
      ? { direction: 'status', account, key: 'unplaced' }
      : { direction: 'in', account, key: route.to === 'aside' ? route.name : 'unplaced' }
  }
  if (arrival.event.type !== 'message') return undefined
  return { direction: 'out', account, key: `conversation:${arrival.event.conversation.id}` }
}

/** Where an event has to wait, and behind what. */
type Route =
  /**
   * In the lane of its chat, in the order of WhatsApp's clock. `at`: by that clock, ms since 1970, when it says so.
   * `ifKnown`: only if the chat has a conversation.
   */
  | { to: 'chat'; who: Who; order: number; at?: number; event: InEvent; ifKnown?: true }
  /** `who` is absent when nobody is named. */
  | { to: 'status'; who?: Who; event: StatusLaneEvent }
  /** In a lane of its own, for at least `waitMs`. */
  | { to: 'aside'; name: string; waitMs: number; event: DeferredEvent }

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
  if (messageType(account, incoming) === undefined && !mayBeEcho(incoming)) return undefined
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

/**
 * How long something from WhatsApp waits for what was written before it and may still come: webhooks overtake each other, and
 * what is in Chatwoot cannot be moved. Those that wait together are sorted by WhatsApp's second, then by arrival.
 */
export type ReorderWindow = {
  /** In ms from now. `at`: WhatsApp's own time, ms since 1970. */
  waitFor(at: number): number
  /** The bridge takes webhooks from now on. `isFirst`: it has never run before, so it has missed none. */
  begin(start?: { isFirst: boolean }): void
}

/** A message is live when WhatsApp's stamp, in whole seconds, is no older than this. */
const LIVE_MS = 2_000
/**
 * How long a live message waits. Hardly noticed, and enough for webhooks that were sent together: of a burst the newest is
 * live and may come first, while the others are late.
 */
export const LIVE_WAIT_MS = 150
/**
 * How long a late message waits. It was held up somewhere, and so were its neighbours. Short, because everything looks
 * late where the clocks of both sides differ.
 */
export const LATE_WAIT_MS = 1_000
/**
 * The gateway repeats what nobody took after 1 to 3 s, each message by itself (docs/platforms/wasender.md#webhooks). So
 * long after a start, messages that are older than the start wait for the others.
 */
export const REPEATS_MS = 3_000

export function createReorderWindow({ clock }: { clock: Clock }): ReorderWindow {
  let since = Number.POSITIVE_INFINITY

  return {
    waitFor(at) {
      const now = clock.now()
      const wait = Math.abs(now - at) <= LIVE_MS ? LIVE_WAIT_MS : LATE_WAIT_MS
      if (at >= since) return wait
      return Math.max(wait, Math.min(since, now) + REPEATS_MS - now)
    },
    begin({ isFirst } = { isFirst: false }) {
      since = isFirst ? Number.NEGATIVE_INFINITY : clock.now()
    },
  }
}
