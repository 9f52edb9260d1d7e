import type { Account } from '../../accounts/account.ts'
import type { DownloadFile } from '../../content/media/download.ts'
import { createInboundMedia } from '../../content/media/inbound/inbound-media.ts'
import { readIncoming } from '../../content/message/incoming.ts'
import type { Clock } from '../../kernel/clock.ts'
import { withCrashPoints } from '../../kernel/crash-points.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { Identity } from '../../people/identity.ts'
import type { OwnIdentity } from '../../people/own.ts'
import type { People } from '../../people/people.ts'
import type { ResolveChat } from '../../people/resolve-chat.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { Queue, Throttle } from '../../queue/queue.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory } from '../../state/redis/memory.ts'
import type { State } from '../../state/store/types.ts'
import { createLaneKeys } from '../intake/out-lane.ts'
import type { Observer } from '../observer.ts'
import type { Sends } from '../sends/sends.ts'
import { createAfterPost, type Unread } from './after-post.ts'
import { createDedupe } from './dedupe.ts'
import { createDeferred, type Deferred } from './deferred.ts'
import { createDeliverInbound } from './deliver-inbound.ts'
import { type CarryResult, createHandleMessage, type InboundResult } from './handle-message.ts'
import type { Carried, InEvent, ShownEvent } from './inbound-events.ts'
import { createContactNames, createKnownNames, type KnownNames } from './known-names.ts'
import {
  createPictures,
  createProfiles,
  handleContact,
  handleGroup,
  type Profiles,
} from './profiles.ts'
import { handleSeen } from './seen.ts'
import { createTellings } from './tellings.ts'
import { createTwins } from './twins.ts'
import { undecryptedNote } from './undecrypted.ts'

/** From WhatsApp to Chatwoot: handles what waits in an `in` lane. */
export type Inbound = (account: Account, entry: Entry, lane: Lane, event: InEvent) => Promise<void>

type InboundDeps = {
  state: State
  queue: Queue
  identity: Identity
  sends: Sends
  unread: Unread
  throttle: Throttle
  download: DownloadFile
  /** Since when an account is there, ms since 1970. */
  sinceOf: (account: Account) => Promise<number>
  /** What came before this moment (ms since 1970) may have been done although nothing here knows of it. */
  doubtBefore: () => number
  clock: Clock
  observer: Pick<Observer, 'onMessage'>
}

export function createInbound(deps: InboundDeps): Inbound {
  const { state, queue, identity, sends, unread, clock } = deps
  const { own, people, conversations, resolveChat } = identity
  const { store } = state
  const { lanes, dispatch, lastDelivered } = queue
  const { journal, receipts, mistakenEchoes, answers, report } = sends
  const names = createKnownNames({ store, clock })
  const { throttle, download } = deps
  const pictures = createPictures({ conversations, throttle, download, clock })
  const contactNames = createContactNames({ store })
  const profiles = createProfiles({ conversations, contactNames, pictures, dispatch, clock })
  const children = createMemory(state, MEMORIES.twins)
  const laneKey = createLaneKeys(people)
  const later = createDeferred({ children, journal, lanes, laneKey, dispatch, clock })
  const dedupe = withCrashPoints('claims', createDedupe(state))
  const handleMessage = createHandleMessage({
    people,
    resolveChat,
    own,
    journal,
    dedupe,
    conversations,
    store,
    clock,
    sinceOf: deps.sinceOf,
    tellings: createTellings(state),
    twins: createTwins({ children, journal, later }),
    later,
    receipts,
    mistakenEchoes,
    deliver: createDeliverInbound({
      conversations,
      dedupe,
      journal,
      inboundMedia: createInboundMedia({ download }),
      names,
      own,
      doubtBefore: deps.doubtBefore,
    }),
    afterPost: createAfterPost({
      people,
      names,
      unread,
      profiles,
      answers,
      journal,
      report,
      openLids: identity.openLids,
      conversations,
    }),
  })
  return createHandleInbound({
    handleMessage,
    later,
    profiles,
    people,
    own,
    conversations,
    resolveChat,
    names,
    unread,
    onResult(account: Account, kind: string, result: InboundResult) {
      if (result === 'delivered') lastDelivered.note(account.id, 'in')
      deps.observer.onMessage({ account, direction: 'in', kind, result })
    },
  })
}

type HandleInboundDeps = {
  handleMessage: (account: Account, entry: Entry, carried: Carried) => Promise<CarryResult>
  later: Deferred
  profiles: Profiles
  people: People
  own: OwnIdentity
  conversations: Conversations
  resolveChat: ResolveChat
  names: KnownNames
  unread: Unread
  onResult: (account: Account, kind: string, result: InboundResult) => void
}

/** An entry of an `in` lane while it is its turn. */
type Turn = { account: Account; entry: Entry; lane: Lane }
type HandlerOf<T extends InEvent['type']> = (
  turn: Turn,
  event: Extract<InEvent, { type: T }>,
) => Promise<void>

/** Handles what waits in an `in` lane: messages on their way to Chatwoot, and what happens around them. */
function createHandleInbound(deps: HandleInboundDeps) {
  async function carryOne({ account, entry }: Turn, carried: Carried): Promise<void> {
    const result = await deps.handleMessage(account, entry, carried)
    const { kind } = carried.incoming.message.content
    if (result === 'self') deps.onResult(account, 'self', 'ignored')
    else if (result !== 'held') deps.onResult(account, kind, result)
  }

  async function show(turn: Turn, event: ShownEvent, isOrphan = false): Promise<void> {
    const read = readIncoming(event, turn.entry.receivedAt)
    if (read === undefined) return
    if ('incoming' in read) return carryOne(turn, { incoming: read.incoming, event, isOrphan })
    deps.onResult(turn.account, read.ignore, 'ignored')
  }

  const shown = (turn: Turn, event: ShownEvent) => show(turn, event)

  const HANDLERS: { [T in InEvent['type']]: HandlerOf<T> } = {
    message: shown,
    sent: shown,
    edited: shown,
    revoked: shown,
    reaction: shown,
    'poll-result': shown,
    call: shown,
    participants: shown,
    async groups(turn, event) {
      await handleGroup(turn.account, event, deps)
      return show(turn, event)
    },
    orphan: (turn, { event }) => show(turn, event, true),
    undecrypted: (turn, { event }) => {
      const incoming = undecryptedNote(event)
      return carryOne(turn, { incoming, event, isOrphan: false })
    },
    seen: ({ account, entry }, event) => handleSeen(account, entry, event, deps),
    contacts: ({ account }, event) => handleContact(account, event, deps),
    profile: ({ account, entry }, event) => deps.profiles.handle(account, entry, event),
    later: ({ account, entry, lane }, event) => deps.later.handle(account, entry, lane, event),
  }

  return (account: Account, entry: Entry, lane: Lane, event: InEvent): Promise<void> => {
    const handler = HANDLERS[event.type] as HandlerOf<typeof event.type>
    return handler({ account, entry, lane }, event as never)
  }
}
