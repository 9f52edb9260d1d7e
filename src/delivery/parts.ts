import { createMakeSticker } from '../commands/make-sticker.ts'
import { withCrashPoints } from '../crash-points.ts'
import { createConversations } from '../identity/conversations.ts'
import { createOtherAddresses } from '../identity/other-addresses.ts'
import { createOwnIdentity } from '../identity/own.ts'
import { createPeople } from '../identity/people.ts'
import { createUnlearnOwn } from '../identity/unlearn-own.ts'
import { createDownload } from '../media/download.ts'
import { createInboundMedia } from '../media/inbound/inbound-media.ts'
import { createOutboundMedia } from '../media/outbound/outbound-media.ts'
import { createVoiceEncoder } from '../media/outbound/voice-encoder.ts'
import type { DeliveryOptions } from './delivery.ts'
import type { Dispatch } from './dispatch.ts'
import type { Failures } from './failures/failures.ts'
import { createSetAside } from './failures/give-up.ts'
import type { HandlerDeps } from './handlers.ts'
import { createInboundParts } from './inbound/inbound-parts.ts'
import { createOwnIds } from './inbound/own-ids.ts'
import { createLastLanes, type LastLanes } from './intake/last-lanes.ts'
import { createOutLane, type OutLane } from './intake/out-lane.ts'
import { createReorderWindow, type ReorderWindow } from './intake/reorder-window.ts'
import type { LanePlaces } from './lanes/lane-places.ts'
import type { Lanes } from './lanes/lanes.ts'
import type { Queue } from './lanes/queue.ts'
import { createThrottle, type Throttle } from './lanes/throttle.ts'
import type { TurnOptions } from './lanes/turn.ts'
import { createLookingBack, type LookingBack } from './missed/looking-back.ts'
import { createLimits, type Limits } from './outages/limits.ts'
import type { SessionGate } from './outages/session-gate.ts'
import { createSessionParts } from './outages/session-parts.ts'
import type { SessionProtection } from './outages/session-protection.ts'
import { createPace } from './outbound/pace.ts'
import { createAnswers } from './outcome/answers.ts'
import { createEarlyReceipts } from './outcome/early-receipts.ts'
import { createFailureGuesses } from './outcome/failure-guesses.ts'
import { createJournal } from './outcome/journal.ts'
import { createOutcomeParts } from './outcome/outcome-parts.ts'
import { createOwnUpdates } from './outcome/own-updates.ts'
import { createReceipts } from './outcome/receipts.ts'
import type { RequestReport } from './outcome/report-requests.ts'
import { createSendElsewhere } from './outcome/send-elsewhere.ts'

/** Everything the handlers work with. */
export type Parts = Omit<HandlerDeps, 'operator'> &
  LookingBack & {
    places: LanePlaces
    lanes: Lanes
    lastLanes: LastLanes
    setAside: TurnOptions['setAside']
    dispatch: Dispatch
    outLane: OutLane
    failures: Failures
    throttle: Throttle
    limits: Limits
    reorderWindow: ReorderWindow
    sessionGate: SessionGate
    /** How long a state of a session has to last. */
    calmMs: number
    sessionProtection: SessionProtection
  }

/** Makes it, once per bridge. */
export function createParts(options: DeliveryOptions, queue: Queue, report: RequestReport): Parts {
  const { redis, prefix, store, openLids, accounts, clock, observer, sinceOf } = options
  const download = createDownload()
  const ownUpdates = createOwnUpdates({ clock })
  const journal = withCrashPoints('journal', createJournal({ store, clock }))
  const early = withCrashPoints('early', createEarlyReceipts({ redis, prefix }))
  const conversations = createConversations({ store, clock })
  const { lanes, places, failures, lastDelivered, dispatch } = queue
  const own = createOwnIdentity({ clock, onKnown: createUnlearnOwn({ store, clock }) })
  const people = createPeople({ store, clock, own })
  const lastLanes = createLastLanes(options)
  const outLane = createOutLane({ conversations, lanes, lastLanes })
  const known = { journal, people, conversations, outLane, openLids, dispatch }
  const elsewhere = createElsewhere({ ...options, ...known })
  const shared = {
    redis,
    prefix,
    onSetAside: options.onSetAside,
    store,
    clock,
    ...known,
    download,
    ownIds: createOwnIds({ redis, prefix, journal }),
    failureGuesses: createFailureGuesses({ ...options, journal }),
    ownUpdates,
    ...{ lanes, places, failures, lastDelivered },
    setAside: createSetAside({ ...options, lanes, dispatch }),
    ...elsewhere,
    answers: createAnswers(options),
    receipts: createReceipts({ journal, store, early, failures, ownUpdates, ...elsewhere }),
    own,
    lastLanes,
    // A journal on disk knows what was done, whatever Redis has lost.
    doubtBefore: () => (options.exclusive ? 0 : (options.loss?.doubtBefore() ?? 0)),
    throttle: createThrottle({ redis, prefix }),
    reorderWindow: createReorderWindow({ clock }),
    pace: withCrashPoints('pace', createPace({ redis, prefix })),
    inboundMedia: createInboundMedia({ download }),
  }
  const outcome = createOutcomeParts({
    ...options,
    ...shared,
    report,
    onError: observer.onWorkerError,
  })
  const session = createSessionParts({
    ...shared,
    accounts,
    timing: options.sessionTiming,
    onError: observer.onWorkerError,
  })
  const inbound = createInboundParts({ ...shared, ...outcome, report, sinceOf })
  return {
    ...shared,
    ...outcome,
    ...session,
    ...inbound,
    ...createLookingBack({ ...shared, sinceOf, observer }),
    answered: inbound.readReceipts.answered,
    outboundMedia: createOutboundMedia({ download, voice: createVoiceEncoder() }),
    makeSticker: createMakeSticker({ download }),
    report,
    sinceOf,
    observer,
  }
}

/** What WhatsApp refuses: its limits, and the other ways to somebody it refuses under one address. */
function createElsewhere(
  deps: Omit<Parameters<typeof createSendElsewhere>[0], 'otherAddresses'> &
    Parameters<typeof createOtherAddresses>[0] &
    Parameters<typeof createLimits>[0],
) {
  const otherAddresses = createOtherAddresses(deps)
  const sendElsewhere = createSendElsewhere({ ...deps, otherAddresses })
  return { limits: createLimits(deps), otherAddresses, sendElsewhere }
}
