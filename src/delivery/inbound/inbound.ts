import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import { withCrashPoints } from '../../crash-points.ts'
import type { Identity } from '../../identity/identity.ts'
import type { DownloadFile } from '../../media/download.ts'
import { createInboundMedia } from '../../media/inbound/inbound-media.ts'
import type { State } from '../../store/state.ts'
import { createLaneKeys } from '../intake/lane-keys.ts'
import type { Entry, Lane } from '../lanes/lanes.ts'
import type { Queue } from '../lanes/queue.ts'
import type { Throttle } from '../lanes/throttle.ts'
import type { Handled } from '../lanes/turn.ts'
import type { Observer } from '../observer.ts'
import type { Sends } from '../outcome/sends.ts'
import { createAftermath } from './aftermath.ts'
import { createCarry, type InboundResult } from './carry.ts'
import { createClaims } from './claims.ts'
import { createContactNames } from './contact-names.ts'
import { createDeliverInbound } from './deliver-inbound.ts'
import { createHandleInbound } from './handle-inbound.ts'
import type { InEvent } from './inbound-events.ts'
import { createKnownNames } from './known-names.ts'
import { createLater } from './later.ts'
import { createPictures } from './pictures.ts'
import { createProfiles } from './profiles.ts'
import { createTellings } from './tellings.ts'
import { createChildren } from './twin-children.ts'
import { createTwins } from './twins.ts'
import type { Unread } from './unread.ts'

/** From WhatsApp to Chatwoot: handles what waits in an `in` lane. */
export type Inbound = (
  account: Account,
  entry: Entry,
  lane: Lane,
  event: InEvent,
) => Promise<Handled>

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
  const { redis, prefix, store } = state
  const { lanes, dispatch, lastDelivered } = queue
  const { journal, receipts, disowned, answers, report } = sends
  const names = createKnownNames({ store, clock })
  const { throttle, download } = deps
  const pictures = createPictures({ conversations, throttle, download, clock })
  const contactNames = createContactNames({ store })
  const profiles = createProfiles({ conversations, contactNames, pictures, dispatch, clock })
  const children = createChildren({ redis, prefix })
  const laneKey = createLaneKeys(people)
  const later = createLater({ children, journal, lanes, laneKey, dispatch, clock })
  const claims = withCrashPoints('claims', createClaims({ redis, prefix }))
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
    tellings: createTellings({ redis, prefix }),
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
