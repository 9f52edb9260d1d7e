import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Queue } from '../delivery/lanes/queue.ts'
import type { Holds } from '../delivery/outages/holds.ts'
import { pausedReason } from '../delivery/outages/paused-reason.ts'
import type { OpenLids } from '../identity/open-lids.ts'
import type { Metrics } from '../metrics.ts'
import type { createObserver } from '../observe.ts'
import type { Store } from '../store/types.ts'
import { createBacklogQuestions } from './backlog.ts'
import { createSessionPolls } from './session-polls.ts'

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
