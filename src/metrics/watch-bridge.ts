import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Delivery } from '../delivery/delivery.ts'
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
  delivery: Pick<Delivery, 'lanes' | 'failures' | 'limits' | 'openLids' | 'pausedReason'>
  store: Store
  clock: Clock
}): { close(): Promise<void> } {
  const { metrics, observer, accounts, delivery } = deps
  const ids = accounts.map(({ id }) => id)
  metrics.watch(
    createBacklogQuestions({ ...deps, ...delivery, accounts: ids }),
    observer.onScrapeFailed,
  )
  const polls = createSessionPolls({
    accounts,
    lastStatus: observer.lastStatus,
    isPaused: async (account) => (await delivery.pausedReason(account)) !== undefined,
    onStatus: observer.onSessionStatus,
    onError: observer.onWorkerError,
  })
  polls.start()
  return { close: async () => polls.close() }
}
