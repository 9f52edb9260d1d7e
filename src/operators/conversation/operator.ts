import type { Account } from '../../accounts/account.ts'
import type { QrCodes } from '../../accounts/qr-codes.ts'
import type { RetryFailures } from '../../bridge/dead-letters/retry-failures.ts'
import type { OutEvent } from '../../bridge/events.ts'
import type { Holds } from '../../bridge/holds/holds.ts'
import type { OutLane } from '../../bridge/intake/out-lane.ts'
import type { TellOperator } from '../../bridge/operator-news.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AccountId } from '../../kernel/ids.ts'
import { parseSessionStatus } from '../../platforms/wasender/session-status.ts'
import type { Entry } from '../../queue/entry.ts'
import type { Queue, Throttle } from '../../queue/queue.ts'
import type { Loss } from '../../state/redis/loss.ts'
import type { State } from '../../state/store/types.ts'
import type { SessionControl } from '../session-control.ts'
import { createAlertMemory } from './alert-memory.ts'
import { createAnswer } from './answer.ts'
import { createHandleNews } from './handle-news.ts'
import { createOperatorDesk, createOperatorNeeded } from './operator-desk.ts'
import { createOperatorPlace } from './operator-place.ts'
import { createWatch, createWatchClock } from './watch.ts'

export type OperatorDeps = {
  state: State
  accounts: ReadonlyMap<AccountId, Account>
  queue: Queue
  outLane: OutLane
  holds: Holds
  throttle: Throttle
  control: SessionControl
  qrCodes: Pick<QrCodes, 'known'>
  retryAll: RetryFailures['retryAll']
  clock: Clock
  onError: (error: unknown) => void
}

/** The conversation in which the bridge and its operators talk about the WhatsApp connection (docs/operator.md). */
export type Operator = TellOperator & {
  /** WhatsApp has put a limit on an account, or it is over. */
  limitsChanged(account: AccountId): void
  /** Redis has lost what it held. `remembers`: where the bridge keeps what it knows. */
  redisLost(loss: Loss, remembers: 'file' | 'redis'): void
  /** Answers what somebody wrote in the conversation, which never goes to WhatsApp. */
  answer(account: Account, entry: Entry, event: OutEvent): Promise<void>
  /** Begins to look after the accounts. */
  start(): void
  close(): void
}

/** Puts it together. An account whose option `operatorConversation` is off has none. */
export function createOperator(deps: OperatorDeps): Operator {
  const { control, outLane, qrCodes, throttle, retryAll, clock, onError } = deps
  const { lanes, failures, dispatch } = deps.queue
  const { sessionGate, limits, debounceMs } = deps.holds
  const { store } = deps.state
  const place = createOperatorPlace({ store, clock })
  const desk = createOperatorDesk({ dispatch, clock })
  const needed = createOperatorNeeded({ desk, throttle, clock })
  const news = createHandleNews({ place, desk, control, qrCodes, lanes, clock, debounceMs })
  const answer = createAnswer({
    desk,
    control,
    lanes,
    outLane,
    failures,
    retryAll,
    throttle,
    clock,
  })
  const watch = createWatch({
    desk,
    place,
    memory: createAlertMemory(deps.state),
    lanes,
    failures,
    sessionGate,
    limits,
    throttle,
    needed,
    clock,
    debounceMs,
  })
  const watchClock = createWatchClock({
    watch,
    accounts: [...deps.accounts.values()].filter(isOn),
    throttle,
    onError,
  })

  const tell = (account: Account, work: () => Promise<void>) => {
    if (isOn(account)) work().catch(onError)
  }

  return {
    sessionChanged(account, told) {
      // As the API spells it, so that asking does not look like another change.
      const status = parseSessionStatus(told)
      tell(account, () => desk.heard(account, status, debounceMs))
      if (status === 'connected') tell(account, () => desk.post(account, { is: 'qr-over' }))
    },
    codeChanged: (account) =>
      tell(account, () => desk.post(account, { is: 'qr', at: clock.now() })),
    limitsChanged(id) {
      const account = deps.accounts.get(id)
      if (account !== undefined) tell(account, () => watch.limits(account))
    },
    attemptFailed(id, error) {
      const account = deps.accounts.get(id)
      if (account !== undefined) tell(account, () => needed(account, error))
    },
    redisLost({ id, what, at }, remembers) {
      for (const account of deps.accounts.values()) {
        tell(account, () => desk.post(account, { is: 'redis-lost', id, what, remembers, at }))
      }
    },
    async handle(account, event) {
      if (isOn(account)) await news(account, event.news)
    },
    async answer(account, entry, event) {
      if (isOn(account)) await answer(account, entry, event)
    },
    start: watchClock.start,
    close: watchClock.close,
  }
}

function isOn({ options }: Account): boolean {
  return options.operatorConversation
}
