import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Sweep } from './catch-up.ts'

/** When each account is swept. */
export type CatchUp = {
  /** At once for every account, then every `catchUp.every`. */
  start(): void
  /** Something was away, so webhooks may have been lost: soon, and again until a sweep succeeds. */
  soon(account: Account): void
  close(): Promise<void>
}

export type CatchUpOptions = {
  accounts: readonly Account[]
  sweep: Sweep
  clock: Clock
  onFailed: (account: Account, error: unknown) => void
  onFound: (account: Account, count: number) => void
}

/** Many failures at once are one outage; one sweep follows them, and not before it had a chance to end. */
const SOON_MS = 5_000
/** Between attempts while Chatwoot is away; the last one repeats. */
const AGAIN_MS = [5_000, 15_000, 60_000] as const

type Plan = {
  account: Account
  at: number
  timer?: NodeJS.Timeout
  running: boolean
  failures: number
}

export function createCatchUp(options: CatchUpOptions): CatchUp {
  const { sweep, clock } = options
  const closing = new AbortController()
  const running = new Set<Promise<void>>()
  const plans = new Map<Account, Plan>(
    options.accounts.map((account) => [account, { account, at: 0, running: false, failures: 0 }]),
  )

  function plan(each: Plan, delay: number): void {
    if (closing.signal.aborted) return
    clearTimeout(each.timer)
    each.at = clock.now() + delay
    each.timer = setTimeout(() => begin(each), delay)
  }

  function begin(each: Plan): void {
    // A sweep may take longer than the span between two.
    if (each.running) {
      plan(each, SOON_MS)
      return
    }
    const run = take(each).finally(() => running.delete(run))
    running.add(run)
  }

  async function take(each: Plan): Promise<void> {
    const { account } = each
    const { every } = account.options.catchUp
    each.running = true
    plan(each, every)
    try {
      const { queued, failure } = await sweep(account, closing.signal)
      each.failures = 0
      if (queued > 0) options.onFound(account, queued)
      // It went through all the others, so there is no hurry.
      if (failure !== undefined) options.onFailed(account, failure)
    } catch (error) {
      if (closing.signal.aborted) return
      options.onFailed(account, error)
      const again = AGAIN_MS[Math.min(each.failures, AGAIN_MS.length - 1)] ?? every
      each.failures += 1
      plan(each, Math.min(again, every))
    } finally {
      each.running = false
    }
  }

  return {
    start() {
      for (const each of plans.values()) begin(each)
    },
    soon(account) {
      const each = plans.get(account)
      // While sweeps fail, the next one is on its way already.
      if (each === undefined || each.failures > 0 || each.at <= clock.now() + SOON_MS) return
      plan(each, SOON_MS)
    },
    async close() {
      closing.abort()
      for (const { timer } of plans.values()) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}
