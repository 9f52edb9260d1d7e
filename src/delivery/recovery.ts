import type { Account } from '../account.ts'
import { steadyClock } from '../clock.ts'
import { BridgeError, isRetryable } from '../errors.ts'
import type { AccountId } from '../ids.ts'
import { createOperatorDesk } from '../session/operator/operator-desk.ts'
import { createOperatorNeeded } from '../session/operator/operator-needed.ts'
import type { DeliveryOptions } from './delivery.ts'
import { createRetryFailures } from './failures/retry-failures.ts'
import type { Lane } from './lanes/lanes.ts'
import type { TurnOptions } from './lanes/turn.ts'
import { createSweep } from './missed/catch-up.ts'
import { createCatchUp } from './missed/catch-up-plan.ts'
import type { Parts } from './parts.ts'

/** What brings back messages that fell by the wayside: the catch-up sweep, and an admin's dead letters. */
export function createRecovery(
  options: Pick<DeliveryOptions, 'redis' | 'store' | 'accounts' | 'clock' | 'observer'>,
  parts: Parts,
  look: (lane: Lane) => Promise<void>,
) {
  const { redis, store, accounts, clock, observer } = options
  const all = [...accounts.values()]
  const needed = createOperatorNeeded({ ...parts, desk: createOperatorDesk(parts) })
  const catchUp = createCatchUp({
    accounts: all,
    sweep: createSweep({ ...parts, store, clock, laneOf: parts.outLane }),
    clock: steadyClock,
    onFailed: observer.onCatchUpFailed,
    onFound: observer.onCaughtUp,
    onNeeded: (account, error) => needed(account, error).catch(observer.onWorkerError),
  })
  /** Webhooks may have been lost until now. */
  const afterOutage = (account: Account) => {
    parts.gaps.suspect(account.id)
    catchUp.soon(account)
  }
  /** Webhooks of all accounts may have been lost: looks for what agents wrote and did. */
  const afterRedis = () => all.forEach(afterOutage)

  return {
    retryFailures: createRetryFailures({
      ...parts,
      store,
      look,
      accountOf: (id: AccountId): Account | undefined => accounts.get(id),
    }),
    /** An attempt that failed because Chatwoot is away: its webhooks may be lost as well. */
    onAttemptFailed({ lane, error }: Parameters<TurnOptions['onAttemptFailed']>[0]): void {
      const account = accounts.get(lane.account)
      const isChatwoot = error instanceof BridgeError && error.code.startsWith('chatwoot.')
      if (account !== undefined && isChatwoot && isRetryable(error)) afterOutage(account)
    },
    lookAround: afterRedis,
    start(): void {
      redis.on('ready', afterRedis)
      for (const account of all) account.chatwootBreaker.onClose(() => afterOutage(account))
      catchUp.start()
    },
    async close(): Promise<void> {
      redis.off('ready', afterRedis)
      await catchUp.close()
    },
  }
}
