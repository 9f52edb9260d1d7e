import type { Redis } from 'ioredis'
import type { Account } from './accounts/account.ts'
import type { QrCodes } from './accounts/qr-codes.ts'
import { createCatchUp } from './bridge/catch-up/catch-up.ts'
import { isOperatorConversation } from './bridge/concerns-whatsapp.ts'
import { createGiveUp, createSetAside } from './bridge/dead-letters/give-up.ts'
import { createRetryFailures, type RetryFailures } from './bridge/dead-letters/retry-failures.ts'
import { holdForChatwoot, holdForSession } from './bridge/holds/hold.ts'
import { createHolds, type Holds, type SessionTiming } from './bridge/holds/holds.ts'
import { createUnread } from './bridge/inbound/after-post.ts'
import { createInbound, type Inbound } from './bridge/inbound/inbound.ts'
import { createLastLanes, createOutLane } from './bridge/intake/out-lane.ts'
import type { Arrival } from './bridge/intake/route.ts'
import { createWebhooks, type Webhooks } from './bridge/intake/webhooks.ts'
import type { Observer } from './bridge/observer.ts'
import { createOpenLidsWatch } from './bridge/open-lids/open-lids-watch.ts'
import { createOutbound, type Outbound } from './bridge/outbound/outbound.ts'
import { createPace } from './bridge/outbound/pace.ts'
import { createReadReceipts, type ReadReceipts } from './bridge/outbound/read-receipts.ts'
import { createHandleStatus } from './bridge/sends/handle-status.ts'
import { createSends, type Sends } from './bridge/sends/sends.ts'
import { readInEvent, readOutEvent, readStatusEvent } from './bridge/stored-events.ts'
import { createDownload } from './content/media/download.ts'
import type { Clock } from './kernel/clock.ts'
import { withCrashPoints } from './kernel/crash-points.ts'
import { ConfigError, PermanentError } from './kernel/errors.ts'
import type { AccountId } from './kernel/ids.ts'
import { createLifecycle, goOnAfterOutages, type Lifecycle } from './lifecycle.ts'
import { createOperator, type Operator } from './operators/conversation/operator.ts'
import { createSessionControl } from './operators/session-control.ts'
import { createIdentity, type Identity } from './people/identity.ts'
import type { OpenLids } from './people/open-lids.ts'
import type { Direction, Lane } from './queue/entry.ts'
import { createQueue, createThrottle, type Queue } from './queue/queue.ts'
import type { Spool } from './queue/spool/spool.ts'
import type { Handle } from './queue/turn.ts'
import type { Work } from './queue/workers.ts'
import type { LossWatch } from './state/redis/loss.ts'
import type { State } from './state/store/types.ts'

/** What the bridge stands on. */
type BridgeOptions = {
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
export type Bridge = Lifecycle & {
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
    beforeSend: catchUp.beforeSend,
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
  const life = createLifecycle({
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

type HandlersDeps = {
  accountOf: (lane: Pick<Lane, 'account'>) => Account
  inbound: Inbound
  outbound: Outbound
  readReceipts: ReadReceipts
  operator: Operator
  identity: Identity
  sends: Sends
  holds: Holds
  clock: Clock
  observer: Pick<Observer, 'onHandled'>
}

/** One handler per direction: what a lane holds is read, held back while it cannot get across, and handled. */
function createHandlers(deps: HandlersDeps): Record<Direction, Handle> {
  const { accountOf, inbound, outbound, operator, clock, observer } = deps
  const { sessionPauses } = deps.holds
  const { journal } = deps.sends
  const status = createStatus(deps)

  /** What is written to the bridge itself needs no session: most of it is about one that is down. */
  const unlessOperators =
    (handle: Handle): Handle =>
    async (entry, lane) => {
      const account = accountOf(lane)
      const event = readable(readOutEvent(entry.event), lane)
      return isOperatorConversation(account, event.conversation)
        ? operator.answer(account, entry, event)
        : handle(entry, lane)
    }

  const timed =
    (direction: Direction, handle: Handle): Handle =>
    async (entry, lane) => {
      await handle(entry, lane)
      observer.onHandled(direction, Math.max(0, clock.now() - entry.receivedAt) / 1000)
    }

  const handleIn: Handle = (entry, lane) =>
    inbound(accountOf(lane), entry, lane, readable(readInEvent(entry.event), lane))
  const handleOut: Handle = (entry, lane) =>
    outbound(accountOf(lane), entry, lane, readable(readOutEvent(entry.event), lane))
  const handleStatus: Handle = (entry, lane) =>
    status(accountOf(lane), entry, readable(readStatusEvent(entry.event), lane))

  const session = { sessionPauses, journal, clock, accountOf }
  return {
    in: timed('in', holdForChatwoot(handleIn, { accountOf, clock })),
    out: timed('out', unlessOperators(holdForSession(handleOut, session))),
    status: timed('status', holdForChatwoot(handleStatus, { accountOf, clock })),
  }
}

/** A status lane holds what becomes of sends, and what is told to agents on other grounds. */
function createStatus({ readReceipts, operator, identity, sends, holds, clock }: HandlersDeps) {
  return createHandleStatus({
    receipts: sends.receipts,
    journal: sends.journal,
    failureGuesses: sends.failureGuesses,
    unnamedFailures: sends.unnamedFailures,
    sendElsewhere: sends.sendElsewhere,
    people: identity.people,
    own: identity.own,
    conversations: identity.conversations,
    sessionGate: holds.sessionGate,
    limits: holds.limits,
    readReceipts,
    operator,
    clock,
  })
}

/** Whose a lane is. */
function createAccountOf(accounts: ReadonlyMap<AccountId, Account>) {
  return ({ account: id }: Pick<Lane, 'account'>): Account => {
    const account = accounts.get(id)
    if (account !== undefined) return account
    throw new ConfigError(
      `Account ${id} has messages waiting but is not in the configuration. Put it back, or discard them.`,
      { code: 'bridge.account_missing', context: { account: id } },
    )
  }
}

/** Written by an earlier release, or damaged: what waits is not taken for what it should be. */
function readable<Event>(event: Event | undefined, { account, direction }: Lane): Event {
  if (event !== undefined) return event
  throw new PermanentError(
    `Something that waited (account ${account}, ${direction}) is nothing this release knows. It is kept as it is.`,
    { code: 'bridge.entry_unreadable', context: { account, direction } },
  )
}
