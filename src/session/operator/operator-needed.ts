import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Throttle } from '../../delivery/lanes/throttle.ts'
import { OperatorNeededError } from '../../errors.ts'
import type { OperatorDesk } from './operator-desk.ts'

const DAY_MS = 24 * 3_600_000

/**
 * Passes on that a person has to act, once a day for each reason, however many messages meet it. What Chatwoot refuses is
 * left to the log: there is no way to say it there.
 */
export function createOperatorNeeded(deps: {
  desk: Pick<OperatorDesk, 'post'>
  throttle: Throttle
  clock: Clock
}) {
  const { desk, throttle, clock } = deps
  return async (account: Account, error: unknown): Promise<void> => {
    if (!(error instanceof OperatorNeededError) || error.code.startsWith('chatwoot.')) return
    const { code, message: reason } = error
    if (!(await throttle.allow(`operator-needed:${account.id}:${code}`, DAY_MS))) return
    await desk.post(account, { is: 'needed', code, reason, at: clock.now() })
  }
}
