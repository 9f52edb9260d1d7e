import type { Account } from '../../accounts/account.ts'
import type { DownloadFile } from '../../content/media/download.ts'
import { createInboundMedia } from '../../content/media/inbound/inbound-media.ts'
import type { Clock } from '../../kernel/clock.ts'
import { withCrashPoints } from '../../kernel/crash-points.ts'
import type { Identity } from '../../people/identity.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { Queue } from '../../queue/queue.ts'
import type { Throttle } from '../../queue/throttle.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory } from '../../state/redis/memory.ts'
import type { State } from '../../state/store/types.ts'
import { createLaneKeys } from '../intake/out-lane.ts'
import type { Observer } from '../observer.ts'
import type { Sends } from '../sends/sends.ts'
import { createAftermath, type Unread } from './after-post.ts'
import { createClaims } from './dedupe.ts'
import { createLater } from './deferred.ts'
import { createDeliverInbound } from './deliver-inbound.ts'
import { createHandleInbound } from './handle-inbound.ts'
import { createCarry, type InboundResult } from './handle-message.ts'
import type { InEvent } from './inbound-events.ts'
import { createContactNames, createKnownNames } from './known-names.ts'
import { createPictures } from './pictures.ts'
import { createProfiles } from './profiles.ts'
import { createTellings } from './tellings.ts'
import { createTwins } from './twins.ts'

/** From WhatsApp to Chatwoot: handles what waits in an `in` lane. */
export type Inbound = (account: Account, entry: Entry, lane: Lane, event: InEvent) => Promise<void>

export type InboundDeps = {
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
  const { own, people, conversations, settle } = identity
  const { store } = state
  const { lanes, dispatch, lastDelivered } = queue
  const { journal, receipts, disowned, answers, report } = sends
  const names = createKnownNames({ store, clock })
  const { throttle, download } = deps
  const pictures = createPictures({ conversations, throttle, download, clock })
  const contactNames = createContactNames({ store })
  const profiles = createProfiles({ conversations, contactNames, pictures, dispatch, clock })
  const children = createMemory(state, MEMORIES.twins)
  const laneKey = createLaneKeys(people)
  const later = createLater({ children, journal, lanes, laneKey, dispatch, clock })
  const claims = withCrashPoints('claims', createClaims(state))
  const carry = createCarry({
    people,
    settle,
    own,
    journal,
    claims,
    conversations,
    store,
    clock,
    sinceOf: deps.sinceOf,
    tellings: createTellings(state),
    twins: createTwins({ children, journal, later }),
    later,
    receipts,
    disowned,
    deliver: createDeliverInbound({
      conversations,
      claims,
      journal,
      inboundMedia: createInboundMedia({ download }),
      names,
      own,
      doubtBefore: deps.doubtBefore,
    }),
    aftermath: createAftermath({
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
    carry,
    later,
    profiles,
    people,
    own,
    conversations,
    settle,
    names,
    unread,
    onResult(account: Account, kind: string, result: InboundResult) {
      if (result === 'delivered') lastDelivered.note(account.id, 'in')
      deps.observer.onMessage({ account, direction: 'in', kind, result })
    },
  })
}
