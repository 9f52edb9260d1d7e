import type { Redis } from 'ioredis'
import type { Account } from './accounts/account.ts'
import type { QrCodes } from './accounts/qr-codes.ts'
import { createCatchUp } from './bridge/catch-up/catch-up.ts'
import { createGiveUp, createSetAside } from './bridge/dead-letters/give-up.ts'
import { createRetryFailures, type RetryFailures } from './bridge/dead-letters/retry-failures.ts'
import { createHolds, type Holds, type SessionTiming } from './bridge/holds/holds.ts'
import { createUnread } from './bridge/inbound/after-post.ts'
import { createInbound } from './bridge/inbound/inbound.ts'
import { createLastLanes, createOutLane } from './bridge/intake/out-lane.ts'
import type { Arrival } from './bridge/intake/route.ts'
import { createWebhooks, type Webhooks } from './bridge/intake/webhooks.ts'
import type { Observer } from './bridge/observer.ts'
import { createOpenLidsWatch } from './bridge/open-lids/open-lids-watch.ts'
import { createOutbound } from './bridge/outbound/outbound.ts'
import { createPace } from './bridge/outbound/pace.ts'
import { createReadReceipts } from './bridge/outbound/read-receipts.ts'
import { createSends, type Sends } from './bridge/sends/sends.ts'
import { createDownload } from './content/media/download.ts'
import { createAccountOf, createHandlers } from './handlers.ts'
import type { Clock } from './kernel/clock.ts'
import { withCrashPoints } from './kernel/crash-points.ts'
import type { AccountId } from './kernel/ids.ts'
import { createDeliveryLife, type DeliveryLife, goOnAfterOutages } from './life.ts'
import { createOperator } from './operators/conversation/operator.ts'
import { createSessionControl } from './operators/session-control.ts'
import { createIdentity, type Identity } from './people/identity.ts'
import type { OpenLids } from './people/open-lids.ts'
import { createQueue, type Queue } from './queue/queue.ts'
import type { Spool } from './queue/spool/spool.ts'
import { createThrottle } from './queue/throttle.ts'
import type { Work } from './queue/workers.ts'
import type { LossWatch } from './state/redis/loss.ts'
import type { State } from './state/store/types.ts'

/** What the bridge stands on. */
export type BridgeOptions = {
  state: State
  /** Makes connections for queues and workers, which wait while Redis is away. */
  queueRedis: () => Redis
  /** Followed by the store. */
  openLids: OpenLids
  /** Where webhooks wait while Redis is away. Closed with the bridge. */
  spool: Spool<Arrival>
  accounts: ReadonlyMap<AccountId, Account>
  /** Since when an account is there, ms since 1970. */
  sinceOf: (account: Account) => Promise<number>
  /** What has to hold before anything is worked on, and may be known only with Redis: nothing is if it rejects. */
  confirm?: () => Promise<void>
  clock: Clock
  /** True when no other bridge process shares this Redis. */
  exclusive: boolean
  /** Notices when Redis has lost what it held; nothing does when absent. */
  loss?: LossWatch
  observer: Observer
  /** Fed with the codes of the sessions. */
  qrCodes: QrCodes
  /** How soon the state of a WhatsApp session is asked for and told. */
  sessionTiming?: Partial<SessionTiming>
}

/** Takes webhooks in and brings messages to the other side. */
export type Bridge = DeliveryLife & {
  queue: Queue
  identity: Identity
  holds: Holds
  sends: Sends
  webhooks: Webhooks
  retryFailures: RetryFailures
}

/** The wiring of the bridge: each part is made from those above it, and the queue is given its handlers last. */
export function createBridge(options: BridgeOptions): Bridge {
  const { state, queueRedis, openLids, spool, accounts, sinceOf, clock } = options
  const { exclusive, loss, observer, qrCodes } = options
  const { redis, store } = state
  const onError = observer.onWorkerError
  const accountOf = createAccountOf(accounts)
  // A journal on disk knows what was done, whatever Redis has lost.
  const doubtBefore = () => (exclusive ? 0 : (loss?.doubtBefore() ?? 0))

  const throttle = createThrottle(state)
  const pace = withCrashPoints('pace', createPace(state))
  const download = createDownload()
  const unread = createUnread(state)

  const ids = [...accounts.keys()]
  const queue = createQueue({ state, queueRedis, accounts: ids, clock, exclusive, observer })
  const { lanes, places, failures, dispatch } = queue
  const identity = createIdentity({ store, openLids, clock })
  const { conversations, own } = identity
  const lastLanes = createLastLanes(state)
  const outLane = createOutLane({ conversations, lanes, lastLanes })

  const timing = options.sessionTiming
  const holds = createHolds({ state, accounts, dispatch, pace, clock, timing, onError })
  const { limits, sessionGate, sessionPauses, sessionProtection } = holds
  const sends = createSends({
    state,
    queueRedis,
    accounts,
    queue,
    identity,
    outLane,
    limits,
    clock,
    onError,
  })
  const { journal, report, infoPolls } = sends

  const retryFailures = createRetryFailures({
    failures,
    places,
    journal,
    store,
    clock,
    accounts,
    report,
    look: queue.look,
  })
  const operator = createOperator({
    state,
    accounts,
    queue,
    outLane,
    holds,
    throttle,
    control: createSessionControl({ qrCodes }),
    qrCodes,
    retryAll: retryFailures.retryAll,
    clock,
    onError,
  })
  limits.onChange(operator.limitsChanged)
  const catchUp = createCatchUp({
    state,
    accounts,
    queue,
    sends,
    outLane,
    operator,
    sinceOf,
    clock,
    observer,
  })
  const openLidsWatch = createOpenLidsWatch({
    state,
    accounts,
    queue,
    identity,
    sessionGate,
    throttle,
    clock,
    onError,
  })

  const inbound = createInbound({
    state,
    queue,
    identity,
    sends,
    unread,
    throttle,
    download,
    sinceOf,
    doubtBefore,
    clock,
    observer,
  })
  const readReceipts = createReadReceipts({ unread, dispatch, clock })
  const outbound = createOutbound({
    queue,
    identity,
    sends,
    lookBehind: catchUp.lookBehind,
    readReceipts,
    limits,
    pace,
    throttle,
    download,
    sinceOf,
    doubtBefore,
    clock,
    observer,
  })
  const giveUp = createGiveUp({ failures, journal, clock, accountOf, report, dispatch })
  const webhooks = createWebhooks({
    state,
    spool,
    queue,
    identity,
    sessionPauses,
    operator,
    qrCodes,
    throttle,
    giveUp,
    clock,
    observer,
  })
  const clockWatch = goOnAfterOutages({
    accounts,
    queue,
    catchUp,
    operator,
    loss,
    store,
    exclusive,
    clock,
    onClockJump: observer.onClockJump,
  })

  const handlers = createHandlers({
    accountOf,
    inbound,
    outbound,
    readReceipts,
    operator,
    identity,
    sends,
    holds,
    clock,
    observer,
  })
  const work: Work = {
    handlers,
    giveUp,
    setAside: createSetAside({ state, lanes, dispatch, clock }),
    retryFor: (account) => accountOf({ account }).options.retryFor,
    onAttemptFailed(failure) {
      observer.onAttemptFailed(failure)
      catchUp.onAttemptFailed(failure)
      operator.attemptFailed(failure.lane.account, failure.error)
    },
  }
  const life = createDeliveryLife({
    redis,
    confirm: options.confirm,
    loss,
    queue,
    work,
    infoPolls,
    reorderWindow: webhooks.reorderWindow,
    intake: webhooks.intake,
    catchUp,
    sessionProtection,
    operator,
    openLidsWatch,
    accounts,
    sinceOf,
    own,
    onError,
    clockWatch,
  })
  return {
    queue,
    identity,
    holds,
    sends,
    webhooks,
    retryFailures,
    start: life.start,
    close: life.close,
  }
}
