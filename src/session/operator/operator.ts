import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { OutEvent } from '../../delivery/events.ts'
import type { RetryFailures } from '../../delivery/failures/retry-failures.ts'
import type { Entry } from '../../delivery/lanes/lanes.ts'
import type { Queue } from '../../delivery/lanes/queue.ts'
import type { Throttle } from '../../delivery/lanes/throttle.ts'
import type { Handled } from '../../delivery/lanes/turn.ts'
import type { Holds } from '../../delivery/outages/holds.ts'
import type { AccountId } from '../../ids.ts'
import type { Loss } from '../../redis/loss.ts'
import type { State } from '../../store/state.ts'
import { parseSessionStatus } from '../../wasender/session-status.ts'
import type { QrCodes } from '../qr-codes.ts'
import type { SessionControl } from '../session-control.ts'
import { createAlertMemory } from './alert-memory.ts'
import { createAnswer } from './answer.ts'
import { createHandleNews } from './handle-news.ts'
import { createOperatorDesk } from './operator-desk.ts'
import { createOperatorNeeded } from './operator-needed.ts'
import type { OperatorEvent } from './operator-news.ts'
import { createOperatorPlace } from './operator-place.ts'
import { createWatch } from './watch.ts'
import { createWatchClock } from './watch-clock.ts'

export type OperatorDeps = {
  state: State
  accounts: ReadonlyMap<AccountId, Account>
  queue: Queue
  holds: Holds
  throttle: Throttle
  control: SessionControl
  qrCodes: Pick<QrCodes, 'known'>
  retryAll: RetryFailures['retryAll']
  clock: Clock
  onError: (error: unknown) => void
}

/** The conversation in which the bridge and its operators talk about the WhatsApp connection (docs/operator.md). */
export type Operator = {
  /** A webhook told of the session's state. Never rejects: it is found out again later. */
  sessionChanged(account: Account, status: string): void
  /** There is a new QR code in memory. Never rejects: the next code comes soon. */
  codeChanged(account: Account): void
  /** WhatsApp has put a limit on an account, or it is over. */
  limitsChanged(account: AccountId): void
  /** Something failed: worth a line when a person has to act. */
  attemptFailed(account: AccountId, error: unknown): void
  /** Redis has lost what it held. `remembers`: where the bridge keeps what it knows. */
  redisLost(loss: Loss, remembers: 'file' | 'redis'): void
  /** Writes the news that wait in a `status` lane. */
  handle(account: Account, event: OperatorEvent): Promise<Handled>
  /** Answers what somebody wrote in the conversation, which never goes to WhatsApp. */
  answer(account: Account, entry: Entry, event: OutEvent): Promise<Handled>
  /** Begins to look after the accounts. */
  start(): void
  close(): void
}

/** Puts it together. An account whose option `operatorConversation` is off has none. */
export function createOperator(deps: OperatorDeps): Operator {
  const { control, qrCodes, throttle, retryAll, clock, onError } = deps
  const { lanes, failures, dispatch } = deps.queue
  const { sessionGate, limits, calmMs } = deps.holds
  const { redis, prefix, store } = deps.state
  const place = createOperatorPlace({ store, clock })
  const desk = createOperatorDesk({ dispatch, clock })
  const needed = createOperatorNeeded({ desk, throttle, clock })
  const news = createHandleNews({ place, desk, control, qrCodes, lanes, clock, calmMs })
  const answer = createAnswer({ desk, control, lanes, failures, retryAll, throttle, clock })
  const watch = createWatch({
    desk,
    place,
    memory: createAlertMemory({ redis, prefix }),
    lanes,
    failures,
    sessionGate,
    limits,
    throttle,
    needed,
    clock,
    calmMs,
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
      tell(account, () => desk.heard(account, status, calmMs))
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
    handle: async (account, event) => (isOn(account) ? news(account, event.news) : 'done'),
    answer: async (account, entry, event) =>
      isOn(account) ? answer(account, entry, event) : 'done',
    start: watchClock.start,
    close: watchClock.close,
  }
}

function isOn({ options }: Account): boolean {
  return options.operatorConversation
}
