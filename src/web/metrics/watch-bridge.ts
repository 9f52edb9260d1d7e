import type { Account } from '../../accounts/account.ts'
import { LIMIT_CODES, type Limits } from '../../accounts/limits.ts'
import type { Holds } from '../../bridge/holds/holds.ts'
import { pausedReason } from '../../bridge/holds/session-pauses.ts'
import { createRepeated, type Repeated } from '../../kernel/async.ts'
import type { Clock } from '../../kernel/clock.ts'
import { BridgeError } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { OpenLids } from '../../people/open-lids.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import type { Direction } from '../../queue/entry.ts'
import type { Lanes } from '../../queue/lanes.ts'
import type { Queue } from '../../queue/queue.ts'
import type { Store } from '../../state/store/types.ts'
import type { Metrics } from './metrics.ts'
import type { createObserver } from './observe.ts'
import type { Questions } from './on-demand.ts'

/** Has the metrics tell what no event tells: the backlog when asked, the sessions by asking. */
export function watchBridge(deps: {
  metrics: Metrics
  observer: ReturnType<typeof createObserver>
  accounts: readonly Account[]
  queue: Pick<Queue, 'lanes' | 'failures'>
  holds: Pick<Holds, 'limits' | 'sessionGate'>
  openLids: Pick<OpenLids, 'count'>
  store: Store
  clock: Clock
}): { close(): Promise<void> } {
  const { metrics, observer, accounts, openLids, store, clock } = deps
  const { lanes, failures } = deps.queue
  const { limits, sessionGate } = deps.holds
  const ids = accounts.map(({ id }) => id)
  metrics.watch(
    createBacklogQuestions({ accounts: ids, lanes, failures, limits, openLids, store, clock }),
    observer.onScrapeFailed,
  )
  const polls = createSessionPolls({
    accounts,
    lastStatus: observer.lastStatus,
    isPaused: async (account) => (await pausedReason(account, sessionGate)) !== undefined,
    onStatus: observer.onSessionStatus,
    onError: observer.onWorkerError,
  })
  polls.start()
  return { close: async () => polls.close() }
}

const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']
const KINDS = ['links', 'chats', 'aliases', 'accounts'] as const

/** What waits, what was given up and what is remembered. Counted by Redis and the store, whatever there is of it. */
function createBacklogQuestions(deps: {
  accounts: readonly AccountId[]
  lanes: Pick<Lanes, 'waiting'>
  failures: Pick<Failures, 'count'>
  limits: Pick<Limits, 'of'>
  openLids: Pick<OpenLids, 'count'>
  store: Store
  clock: Clock
}): Questions {
  const { accounts, lanes, failures, limits, openLids, store, clock } = deps
  return {
    async waiting() {
      const rows = await lanes.waiting([...accounts])
      return rows.map(({ oldest, ...row }) => ({
        ...row,
        oldestSeconds: oldest === 0 ? 0 : Math.max(0, (clock.now() - oldest) / 1000),
      }))
    },
    failures: () =>
      Promise.all(
        accounts.flatMap((account) =>
          DIRECTIONS.map(async (direction) => ({
            account,
            direction,
            count: await failures.count(account, direction),
          })),
        ),
      ),
    async limits() {
      const found = await Promise.all(
        accounts.map(async (account) => {
          const met = await limits.of(account)
          return LIMIT_CODES.map((code) => ({
            account,
            code,
            isMet: met.some((limit) => limit.code === code),
          }))
        }),
      )
      return found.flat()
    },
    openLids: () =>
      Promise.all(
        accounts.map(async (account) => ({ account, count: await openLids.count(account) })),
      ),
    entries: () =>
      Promise.all(KINDS.map(async (kind) => ({ kind, count: await store[kind].count() }))),
  }
}

/** How the sessions are, for those no webhook has told of: at start, and as long as something seems wrong. */
type SessionPolls = Repeated

const ASK_EVERY_MS = 60_000

/**
 * A webhook tells of every change, unless it is lost or came before this process. So every account is asked at start, and
 * once a minute while it is not known to be connected, or `isPaused` because it is not.
 */
export function createSessionPolls(deps: {
  accounts: readonly Account[]
  /** What was heard last, whoever told. */
  lastStatus: (account: Account) => string | undefined
  isPaused: (account: Account) => Promise<boolean>
  /** Told what is new. */
  onStatus: (account: Account, status: string) => void
  onError: (error: unknown) => void
  askEveryMs?: number
}): SessionPolls {
  const { accounts, lastStatus, isPaused, onStatus, onError, askEveryMs = ASK_EVERY_MS } = deps

  async function ask(account: Account): Promise<void> {
    const before = lastStatus(account)
    if (before === 'connected' && !(await isPaused(account))) return
    const status = await statusOf(account)
    // A webhook that came meanwhile is newer than this answer.
    if (lastStatus(account) !== before || status === before) return
    onStatus(account, status)
  }

  return createRepeated(askEveryMs, () => {
    for (const account of accounts) ask(account).catch(onError)
  })
}

/** A gateway that cannot be asked, or does not take the key, sends nothing either. */
async function statusOf({ wasender }: Account): Promise<string> {
  try {
    return await wasender.session.status()
  } catch (error) {
    if (error instanceof BridgeError) return `unknown: ${error.code}`
    throw error
  }
}
