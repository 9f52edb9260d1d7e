import type { Redis } from 'ioredis'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { ConfigError } from '../errors.ts'
import { createConversations } from '../identity/conversations.ts'
import { createPeople } from '../identity/people.ts'
import type { AccountId } from '../ids.ts'
import type { Store } from '../store/types.ts'
import { createClaims } from './claims.ts'
import { createDispatch, type Dispatch } from './dispatch.ts'
import { createEarlyReceipts } from './early-receipts.ts'
import { createFailures, type Failures } from './failures.ts'
import { createGiveUp } from './give-up.ts'
import { createHandlers, type HandlerDeps, type Observer } from './handlers.ts'
import { createInfoPolls } from './info-polls.ts'
import { createIngestChatwoot } from './ingest-chatwoot.ts'
import { createIngestWasender } from './ingest-wasender.ts'
import { createJournal } from './journal.ts'
import { createLaneWorker, type LaneWorker } from './lane-worker.ts'
import { createLanes, type Direction, type Lane, type Lanes } from './lanes.ts'
import { createPace } from './pace.ts'
import { createReceipts } from './receipts.ts'
import { createReportRequests } from './report-requests.ts'

export type DeliveryOptions = {
  /** For commands that must fail fast when Redis is away. */
  redis: Redis
  /** Makes connections for queues and workers, which wait while Redis is away. */
  queueRedis: () => Redis
  prefix: string
  store: Store
  accounts: ReadonlyMap<AccountId, Account>
  sinceOf: (account: Account) => Promise<number>
  clock: Clock
  /** True when no other bridge process shares this Redis. */
  exclusive: boolean
  observer: Observer
}

/** Lanes worked on at once, by direction. Sends are paced per session anyway. */
const CONCURRENCY: Record<Direction, number> = { in: 40, out: 40, status: 20 }
/** Repairs lanes that hold something and have no job. */
const SWEEP_MS = 15_000

/** The engine: takes webhooks in, brings messages to the other side. */
export type Delivery = ReturnType<typeof createDelivery>

export function createDelivery(options: DeliveryOptions) {
  const { accounts, observer, clock } = options
  const ids = [...accounts.keys()]
  const accountOf = ({ account }: Pick<Lane, 'account'>) => required(accounts, account)
  // Handlers report through the dispatch, which needs the workers, which need the handlers.
  const report = createReportRequests({ clock, dispatch: () => dispatch })
  const parts = createParts(options, report)
  const { lanes, failures, infoPolls, conversations, people } = parts
  const workers = createWorkers(options, parts, accountOf)
  const all = Object.values(workers)
  const onScheduleFailed = observer.onWorkerError
  const dispatch: Dispatch = createDispatch({ lanes, workers, onScheduleFailed })
  const sweep = () => Promise.all(all.map((each) => each.sweep(ids)))
  let sweeping: NodeJS.Timeout | undefined

  return {
    lanes,
    failures,
    ingestWasender: createIngestWasender({
      people,
      dispatch,
      clock,
      onUnknown: observer.onUnknown,
      async onSessionStatus(account, status) {
        observer.onSessionStatus(account, status)
        if (status === 'connected') await dispatch.wake(account.id, 'out')
      },
    }),
    ingestChatwoot: createIngestChatwoot({
      conversations,
      dispatch,
      clock,
      onUnknown: observer.onUnknown,
    }),
    isRunning: () => all.every((each) => each.isRunning()),
    async start() {
      for (const each of all) await each.start()
      infoPolls.start()
      await sweep()
      sweeping = setInterval(() => void sweep().catch(observer.onWorkerError), SWEEP_MS)
    },
    /** Lets the turns in hand finish. */
    async close() {
      clearInterval(sweeping)
      await Promise.all([...all.map((each) => each.close()), infoPolls.close()])
    },
  }
}

type Parts = HandlerDeps & { lanes: Lanes; failures: Failures }

/** Everything the handlers work with, made once. */
function createParts(options: DeliveryOptions, report: HandlerDeps['report']): Parts {
  const { redis, queueRedis, prefix, store, accounts, clock, observer, sinceOf } = options
  const journal = createJournal({ store, clock })
  const receipts = createReceipts({ journal, store, early: createEarlyReceipts({ redis, prefix }) })
  return {
    lanes: createLanes({ redis, prefix }),
    failures: createFailures({ redis, prefix }),
    people: createPeople({ store, clock }),
    conversations: createConversations({ store, clock }),
    claims: createClaims({ redis, prefix }),
    pace: createPace({ redis, prefix, clock }),
    infoPolls: createInfoPolls({
      redis: queueRedis(),
      blockingRedis: queueRedis(),
      prefix,
      journal,
      receipts,
      accountOf: (id) => accounts.get(id),
      onError: observer.onWorkerError,
    }),
    journal,
    receipts,
    report,
    store,
    clock,
    sinceOf,
    observer,
  }
}

function createWorkers(
  options: DeliveryOptions,
  parts: Parts,
  accountOf: (lane: Pick<Lane, 'account'>) => Account,
): Record<Direction, LaneWorker> {
  const { queueRedis, prefix, clock, exclusive, observer } = options
  const handlers = createHandlers(parts, accountOf)
  const giveUp = createGiveUp({ ...parts, accountOf })
  const worker = (direction: Direction): LaneWorker =>
    createLaneWorker({
      direction,
      lanes: parts.lanes,
      clock,
      prefix,
      exclusive,
      giveUp,
      redis: queueRedis(),
      blockingRedis: queueRedis(),
      concurrency: CONCURRENCY[direction],
      retryFor: (account) => accountOf({ account }).options.retryFor,
      handle: handlers[direction],
      onAttemptFailed: observer.onAttemptFailed,
      onWorkerError: observer.onWorkerError,
    })
  return { in: worker('in'), out: worker('out'), status: worker('status') }
}

function required(accounts: ReadonlyMap<AccountId, Account>, id: AccountId): Account {
  const account = accounts.get(id)
  if (account !== undefined) return account
  throw new ConfigError(
    `Account ${id} has messages waiting but is not in the configuration. Put it back, or discard them.`,
    { code: 'bridge.account_missing', context: { account: id } },
  )
}
