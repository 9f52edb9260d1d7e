import type { Account } from '../../accounts/account.ts'
import { type Clock, steadyClock } from '../../kernel/clock.ts'
import { BridgeError, isRetryable } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Queue } from '../../queue/queue.ts'
import type { TurnOptions } from '../../queue/turn.ts'
import type { State } from '../../state/store/types.ts'
import type { OutLane } from '../intake/out-lane.ts'
import type { Observer } from '../observer.ts'
import type { TellOperator } from '../operator-news.ts'
import type { Sends } from '../sends/sends.ts'
import { type BeforeSend, createBeforeSend } from './before-send.ts'
import { createCheckpoint } from './checkpoint.ts'
import { createGaps, createMissed } from './find-missed.ts'
import { createMissedChanges } from './missed-changes.ts'
import { createHorizon } from './page.ts'
import { createSweep } from './sweep.ts'
import { createSweepPlan, type SweepPlan } from './sweep-plan.ts'

/** Finds what agents wrote and did while webhooks were lost: by a sweep, and by a look before each send. */
export type CatchUp = {
  beforeSend: BeforeSend
  /** An attempt that failed because Chatwoot is away: its webhooks may be lost as well. */
  onAttemptFailed: TurnOptions['onAttemptFailed']
  /** Webhooks of all accounts may have been lost. */
  lookAround(): void
  start(): void
  close(): Promise<void>
}

export type CatchUpDeps = {
  state: State
  accounts: ReadonlyMap<AccountId, Account>
  queue: Queue
  sends: Sends
  outLane: OutLane
  /** Since when an account is there, ms since 1970. */
  sinceOf: (account: Account) => Promise<number>
  clock: Clock
  observer: Pick<Observer, 'onCatchUpFailed' | 'onCaughtUp'>
  /** Told when a person has to act before all can be found. */
  operator: Pick<TellOperator, 'attemptFailed'>
}

export function createCatchUp(deps: CatchUpDeps): CatchUp {
  const { redis } = deps.state
  const accounts = [...deps.accounts.values()]
  const { gaps, beforeSend, sweeps } = createLooks(deps, accounts)

  /** Webhooks may have been lost until now. */
  const afterOutage = (account: Account) => {
    gaps.suspect(account.id)
    sweeps.soon(account)
  }
  const lookAround = () => accounts.forEach(afterOutage)

  return {
    beforeSend,
    onAttemptFailed({ lane, error }) {
      const account = deps.accounts.get(lane.account)
      const isChatwoot = error instanceof BridgeError && error.code.startsWith('chatwoot.')
      if (account !== undefined && isChatwoot && isRetryable(error)) afterOutage(account)
    },
    lookAround,
    start() {
      redis.on('ready', lookAround)
      for (const account of accounts) account.chatwootBreaker.onClose(() => afterOutage(account))
      sweeps.start()
    },
    async close() {
      redis.off('ready', lookAround)
      await sweeps.close()
    },
  }
}

/** The look before a send and the sweep share what they know. */
function createLooks(
  deps: CatchUpDeps,
  accounts: readonly Account[],
): { gaps: ReturnType<typeof createGaps>; beforeSend: BeforeSend; sweeps: SweepPlan } {
  const { outLane, sinceOf, clock, observer, operator } = deps
  const { store } = deps.state
  const { places, dispatch } = deps.queue
  const { journal, ownIds } = deps.sends
  const checkpoint = createCheckpoint(deps.state)
  const gaps = createGaps()
  const missed = createMissed({ journal, places, ownIds, dispatch, clock })
  const missedChanges = createMissedChanges({ journal, places, dispatch, clock })
  const horizonOf = createHorizon({ clock, sinceOf })
  const beforeSend = createBeforeSend({
    checkpoint,
    missed,
    gaps,
    horizonOf,
    clock,
    onFailed: observer.onCatchUpFailed,
    onFound: observer.onCaughtUp,
  })
  const sweep = createSweep({
    checkpoint,
    missed,
    missedChanges,
    horizonOf,
    laneOf: outLane,
    store,
    gaps,
    clock,
  })
  const sweeps = createSweepPlan({
    accounts,
    sweep,
    clock: steadyClock,
    onFailed: observer.onCatchUpFailed,
    onFound: observer.onCaughtUp,
    onNeeded: (account, error) => operator.attemptFailed(account.id, error),
  })
  return { gaps, beforeSend, sweeps }
}
