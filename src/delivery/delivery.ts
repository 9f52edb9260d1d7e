import type { Redis } from 'ioredis'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { type ClockWatch, watchClock } from '../clock-jumps.ts'
import { createDeletedContacts } from '../contacts-forget/deleted-contacts.ts'
import { ConfigError } from '../errors.ts'
import { createConversations } from '../identity/conversations.ts'
import type { OpenLids } from '../identity/open-lids.ts'
import { createPeople } from '../identity/people.ts'
import type { AccountId } from '../ids.ts'
import type { LossWatch } from '../redis/loss.ts'
import type { Operator } from '../session/operator/operator.ts'
import { createQrCodes, type QrCodes } from '../session/qr-codes.ts'
import type { OnSetAside } from '../set-aside/set-aside.ts'
import { noteForgotten } from '../store/forgotten.ts'
import type { Store } from '../store/types.ts'
import { unlessFull } from '../store/unless-full.ts'
import type { Dispatch } from './dispatch.ts'
import { createGiveUp } from './failures/give-up.ts'
import { createHandlers, type Observer } from './handlers.ts'
import { createIngestChatwoot } from './intake/ingest-chatwoot.ts'
import { createIngestWasender } from './intake/ingest-wasender.ts'
import { createIntake, type Intake } from './intake/intake.ts'
import { createOutLane } from './intake/out-lane.ts'
import { type Arrival, createPlaceArrival } from './intake/place-arrival.ts'
import { createSessionStatus } from './intake/session-status.ts'
import type { Spool } from './intake/spool.ts'
import { createTyping } from './intake/typing.ts'
import { createGiveUpArrival } from './intake/unplaced.ts'
import type { Direction, Lane } from './lanes/lanes.ts'
import { createQueue, type Queue } from './lanes/queue.ts'
import type { Work } from './lanes/workers.ts'
import { createDeliveryLife } from './life.ts'
import { createOpenLidsWatch } from './open-lids/open-lids-watch.ts'
import { createOperatorParts } from './operator-parts.ts'
import { createPausedReason } from './outages/paused-reason.ts'
import type { SessionTiming } from './outages/session-parts.ts'
import { createReportRequests } from './outcome/report-requests.ts'
import { createParts, type Parts } from './parts.ts'
import { createRecovery } from './recovery.ts'

export type DeliveryOptions = {
  /** For commands that must fail fast when Redis is away. */
  redis: Redis
  /** Makes connections for queues and workers, which wait while Redis is away. */
  queueRedis: () => Redis
  prefix: string
  store: Store
  /** Followed by the store. */
  openLids: OpenLids
  /** Where webhooks wait while Redis is away. Closed with the delivery. */
  spool: Spool<Arrival>
  accounts: ReadonlyMap<AccountId, Account>
  sinceOf: (account: Account) => Promise<number>
  /** What has to hold before anything is worked on, and may be known only with Redis: nothing is if it rejects. */
  confirm?: () => Promise<void>
  clock: Clock
  /** True when no other bridge process shares this Redis. */
  exclusive: boolean
  /** Notices when Redis has lost what it held; nothing does when absent. */
  loss?: LossWatch
  observer: Observer
  /** Told about what could not be read and was set aside. */
  onSetAside?: OnSetAside
  /** Fed with the codes of the sessions; its own when absent. */
  qrCodes?: QrCodes
  /** How soon the state of a WhatsApp session is asked for and told. */
  sessionTiming?: Partial<SessionTiming>
}

const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']

/** The engine: takes webhooks in, brings messages to the other side. */
export type Delivery = ReturnType<typeof createDelivery>

export function createDelivery(options: DeliveryOptions) {
  const { accounts, observer, clock, qrCodes = createQrCodes({ clock }) } = options
  const deletedContacts = createDeletedContacts(options)
  const accountOf = ({ account }: Pick<Lane, 'account'>) => required(accounts, account)
  const queue = createQueue({ ...options, accounts: [...accounts.keys()] })
  const { lanes, failures, dispatch } = queue
  const report = createReportRequests({ clock, dispatch })
  const parts = createParts(options, queue, report)
  const recovery = createRecovery(options, parts, queue.look)
  const around = { qrCodes, ...recovery, dispatch }
  const operator = createOperatorParts(options, parts, around)
  const openLidsWatch = createOpenLidsWatch(options, parts)
  const giveUp = createGiveUp({ ...parts, accountOf })
  const work: Work = {
    handlers: createHandlers({ ...parts, operator }, accountOf),
    giveUp,
    setAside: parts.setAside,
    retryFor: (account) => accountOf({ account }).options.retryFor,
    onAttemptFailed(failure) {
      observer.onAttemptFailed(failure)
      recovery.onAttemptFailed(failure)
      operator.attemptFailed(failure.lane.account, failure.error)
    },
  }
  const clockWatch = mendAfterOutages(options, { dispatch, queue, recovery, operator })
  const intake = createIntake({
    ...options,
    place: createPlaceArrival({ ...parts, deletedContacts, ...createPlacing(options, parts) }),
    dispatch,
    tryOut: queue.tryOut,
    giveUp: createGiveUpArrival({ giveUp, ...observer }),
    onSpool: createFollowSpool(observer, queue),
    onError: observer.onWorkerError,
  })
  return {
    lanes,
    failures,
    deletedContacts,
    journal: parts.journal,
    pausedReason: createPausedReason(parts),
    limits: parts.limits,
    openLids: options.openLids,
    retryFailures: recovery.retryFailures,
    ...createIngest(options, parts, { intake, operator, qrCodes }),
    isRunning: queue.isRunning,
    queues: queue.jobs,
    forgetLane: queue.forget,
    tryOut: queue.tryOut,
    /** True while webhooks wait on disk. */
    isSpooling: intake.isHolding,
    webhooksWaitFor: intake.waitsFor,
    webhooksRefused: intake.refusedLately,
    ...createDeliveryLife({
      ...options,
      ...parts,
      queue,
      work,
      intake,
      recovery,
      operator,
      openLidsWatch,
      clockWatch,
    }),
  }
}

/** What takes the webhooks of both platforms. */
function createIngest(
  { clock, observer }: DeliveryOptions,
  parts: Parts,
  made: { intake: Intake; operator: Operator; qrCodes: QrCodes },
) {
  const { intake, operator, qrCodes } = made
  const { conversations, throttle } = parts
  return {
    ingestWasender: createIngestWasender({
      intake,
      clock,
      onUnknown: observer.onUnknown,
      onQr(account, qr) {
        qrCodes.learned(account, qr)
        operator.codeChanged(account)
      },
      onSessionStatus: createSessionStatus({ ...parts, qrCodes, operator, observer }),
    }),
    ingestChatwoot: createIngestChatwoot({
      intake,
      clock,
      onUnknown: observer.onUnknown,
      onTyping: createTyping({ conversations, throttle, onFailed: observer.onTypingFailed }),
    }),
  }
}

function mendAfterOutages(
  options: DeliveryOptions,
  parts: Parameters<typeof mendAfterLoss>[1] & { dispatch: Dispatch },
): ClockWatch {
  wakeAfterOutages(options.accounts, parts.dispatch)
  mendAfterLoss(options, parts)
  return watchClock(options.clock, (ms) => {
    options.observer.onClockJump?.(ms)
    // What was put off by the clock as it was is due at another time now.
    for (const account of options.accounts.keys()) {
      for (const direction of DIRECTIONS) parts.dispatch.wake(account, direction)
    }
  })
}

/** What can be mended when Redis has lost what it held. */
function mendAfterLoss(
  { loss: watch, store, exclusive, clock }: DeliveryOptions,
  parts: {
    queue: Pick<Queue, 'revive' | 'isRunning'>
    recovery: Pick<ReturnType<typeof createRecovery>, 'lookAround'>
    operator: Pick<Operator, 'redisLost'>
  },
): void {
  const { queue, recovery, operator } = parts
  watch?.onLoss(async (loss) => {
    // The journal was in there: what it does not know any more is not sent again.
    if (!exclusive) await noteForgotten(store.accounts, clock.now())
    if (queue.isRunning()) queue.revive()
    recovery.lookAround()
    operator.redisLost(loss, exclusive ? 'file' : 'redis')
  })
}

/** While webhooks wait on disk Redis takes nothing, so nothing is begun either. */
function createFollowSpool(observer: Observer, queue: Queue): Observer['onSpool'] {
  return (news) => {
    observer.onSpool(news)
    queue[news.state === 'filling' ? 'hold' : 'revive']()
  }
}

/** What finds the lane of a webhook, for which a full disk is no obstacle. */
function createPlacing({ store: given, clock }: DeliveryOptions, parts: Parts) {
  const store = unlessFull(given)
  const conversations = createConversations({ store, clock })
  return {
    people: createPeople({ store, clock, own: parts.own }),
    conversations,
    outLane: createOutLane({ ...parts, conversations }),
  }
}

/** What waits for a Chatwoot that is back, or for a key that is taken again, goes on at once. */
function wakeAfterOutages(accounts: DeliveryOptions['accounts'], { wake }: Dispatch): void {
  for (const { id, chatwootBreaker, credentials } of accounts.values()) {
    chatwootBreaker.onClose(() => {
      for (const direction of ['in', 'out', 'status'] as const) wake(id, direction)
    })
    credentials.onChange((changed) => {
      if (!changed.has('apiKey') && !changed.has('chatwootToken')) return
      for (const direction of ['in', 'out', 'status'] as const) wake(id, direction)
    })
  }
}

function required(accounts: ReadonlyMap<AccountId, Account>, id: AccountId): Account {
  const account = accounts.get(id)
  if (account !== undefined) return account
  throw new ConfigError(
    `Account ${id} has messages waiting but is not in the configuration. Put it back, or discard them.`,
    { code: 'bridge.account_missing', context: { account: id } },
  )
}
