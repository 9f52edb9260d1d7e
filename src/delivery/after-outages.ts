import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { type ClockWatch, watchClock } from '../clock-jumps.ts'
import type { AccountId } from '../ids.ts'
import type { LossWatch } from '../redis/loss.ts'
import type { Operator } from '../session/operator/operator.ts'
import { noteForgotten } from '../store/forgotten.ts'
import type { Store } from '../store/types.ts'
import type { Direction } from './lanes/lanes.ts'
import type { Queue } from './lanes/queue.ts'
import type { CatchUp } from './missed/catch-up.ts'

const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']

/** Has everything go on at once that waited for Chatwoot, a credential, Redis or the right time. */
export function goOnAfterOutages(deps: {
  accounts: ReadonlyMap<AccountId, Account>
  queue: Queue
  catchUp: Pick<CatchUp, 'lookAround'>
  operator: Pick<Operator, 'redisLost'>
  loss: LossWatch | undefined
  store: Store
  exclusive: boolean
  clock: Clock
  onClockJump: ((ms: number) => void) | undefined
}): ClockWatch {
  const { accounts, queue, catchUp, operator, loss, store, exclusive, clock } = deps
  const wake = (account: AccountId) => {
    for (const direction of DIRECTIONS) queue.dispatch.wake(account, direction)
  }

  for (const { id, chatwootBreaker, credentials } of accounts.values()) {
    chatwootBreaker.onClose(() => wake(id))
    credentials.onChange((changed) => {
      if (changed.has('apiKey') || changed.has('chatwootToken')) wake(id)
    })
  }

  loss?.onLoss(async (lost) => {
    // The journal was in there: what it does not know any more is not sent again.
    if (!exclusive) await noteForgotten(store.accounts, clock.now())
    if (queue.isRunning()) queue.revive()
    catchUp.lookAround()
    operator.redisLost(lost, exclusive ? 'file' : 'redis')
  })

  return watchClock(clock, (ms) => {
    deps.onClockJump?.(ms)
    // What was put off by the clock as it was is due at another time now.
    for (const account of accounts.keys()) wake(account)
  })
}
