import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import { withCrashPoints } from '../../crash-points.ts'
import type { Conversations } from '../../identity/conversations.ts'
import type { OpenLids } from '../../identity/open-lids.ts'
import type { OwnIdentity } from '../../identity/own.ts'
import type { People } from '../../identity/people.ts'
import { createSettle } from '../../identity/settle.ts'
import type { DownloadFile } from '../../media/download.ts'
import type { InboundMedia } from '../../media/inbound/inbound-media.ts'
import type { MemoryDeps } from '../../set-aside/memories.ts'
import type { Store } from '../../store/types.ts'
import type { Dispatch } from '../dispatch.ts'
import { createLaneKeys } from '../intake/lane-keys.ts'
import type { Lanes } from '../lanes/lanes.ts'
import type { Throttle } from '../lanes/throttle.ts'
import { createReadReceipts, type ReadReceipts } from '../outbound/read-receipts.ts'
import type { Answers } from '../outcome/answers.ts'
import type { Disowned } from '../outcome/disowned.ts'
import { createHeardUnderLid } from '../outcome/heard-under-lid.ts'
import type { Journal } from '../outcome/journal.ts'
import type { Receipts } from '../outcome/receipts.ts'
import type { RequestReport } from '../outcome/report-requests.ts'
import { createAftermath } from './aftermath.ts'
import { createCarry } from './carry.ts'
import { createChanges } from './changes.ts'
import { createClaims } from './claims.ts'
import { createContactEvents } from './contact-events.ts'
import { createContactNames } from './contact-names.ts'
import { createDeliverInbound } from './deliver-inbound.ts'
import type { InboundDeps } from './handle-inbound.ts'
import { createKnownNames } from './known-names.ts'
import { createLater } from './later.ts'
import { createNotShown, type NotShown } from './not-shown.ts'
import { createPictures } from './pictures.ts'
import { createProfiles } from './profiles.ts'
import { createSeen } from './seen.ts'
import { createSettleOwn } from './settle-own.ts'
import { createTellings } from './tellings.ts'
import { createChildren, createTwins } from './twins.ts'
import { createUnread } from './unread.ts'

export type InboundPartsOptions = MemoryDeps & {
  store: Store
  clock: Clock
  people: People
  own: OwnIdentity
  conversations: Conversations
  journal: Journal
  receipts: Receipts
  disowned: Disowned
  lanes: Lanes
  throttle: Throttle
  download: DownloadFile
  inboundMedia: InboundMedia
  dispatch: Dispatch
  answers: Pick<Answers, 'heard'>
  openLids: Pick<OpenLids, 'wrote'>
  report: RequestReport
  doubtBefore: () => number
  sinceOf: (account: Account) => Promise<number>
}

/** Everything between WhatsApp's events and Chatwoot, put together. */
export function createInboundParts(
  options: InboundPartsOptions,
): Omit<InboundDeps, 'onResult'> & { readReceipts: ReadReceipts; notShown: NotShown } {
  const { people, store, clock } = options
  const settle = createSettle({ people, store, clock })
  const unread = createUnread(options)
  const names = createKnownNames({ store, clock })
  const profiles = createProfiles({
    ...options,
    contactNames: createContactNames({ store }),
    pictures: createPictures(options),
  })
  const later = createLater({
    ...options,
    laneKey: createLaneKeys(people),
    children: createChildren(options),
  })
  const claims = withCrashPoints('claims', createClaims(options))
  const carry = createCarry({
    ...options,
    settle,
    claims,
    tellings: createTellings(options),
    changes: createChanges({ ...options, later }),
    twins: createTwins({ ...options, later }),
    settleOwn: createSettleOwn(options),
    deliver: createDeliverInbound({ ...options, names, claims }),
    aftermath: createAftermath({
      ...options,
      names,
      unread,
      profiles,
      heardUnderLid: createHeardUnderLid(options),
    }),
  })
  return {
    carry,
    later,
    profiles,
    contactEvents: createContactEvents({ settle, own: options.own, names, profiles }),
    seen: createSeen({ ...options, unread }),
    notShown: createNotShown(options),
    readReceipts: createReadReceipts({ ...options, unread }),
  }
}
