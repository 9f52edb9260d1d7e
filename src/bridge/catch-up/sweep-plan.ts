import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { OperatorNeededError } from '../../kernel/errors.ts'
import type { Sweep, Swept, Which } from './sweep.ts'

/** When each account is swept. */
export type SweepPlan = {
  /** At once for every account, then every `catchUp.every`; sooner for what a sweep could not read, or left. */
  start(): void
  /** Something was away, so webhooks may have been lost: soon, and again until a sweep succeeds. */
  soon(account: Account): void
  close(): Promise<void>
}

export type SweepPlanOptions = {
  accounts: readonly Account[]
  sweep: Sweep
  clock: Clock
  onFailed: (account: Account, error: unknown) => void
  onFound: (account: Account, count: number) => void
  /** A person has to act before all can be found. */
  onNeeded: (account: Account, error: OperatorNeededError) => void
}

/** Many failures at once are one outage; one sweep follows them, and not before it had a chance to end. */
const SOON_MS = 5_000
/** Between attempts while Chatwoot is away, or some conversations cannot be read; the last one repeats. */
const AGAIN_MS = [5_000, 15_000, 60_000] as const
/** What a sweep left to its webhook is no longer young then. */
const LEFT_MS = 11_000

/** When Chatwoot could not list the conversations for the first time. */
const LIST_AGAIN_MS = 15_000

type Plan = {
  account: Account
  at: number
  timer?: NodeJS.Timeout
  running: boolean
  failures: number
  /** Sweeps in a row for which Chatwoot could not list the conversations. */
  incomplete: number
  next: Which
  /** When the next sweep of all conversations is due. */
  allAt: number
}

export function createSweepPlan(options: SweepPlanOptions): SweepPlan {
  const { sweep, clock } = options
  const closing = new AbortController()
  const running = new Set<Promise<void>>()
  const plans = new Map<Account, Plan>(
    options.accounts.map((account) => [
      account,
      { account, at: 0, running: false, failures: 0, incomplete: 0, next: 'all', allAt: 0 },
    ]),
  )

  function plan(each: Plan, next: Which, delay: number): void {
    if (closing.signal.aborted) return
    clearTimeout(each.timer)
    each.next = next
    each.at = clock.now() + delay
    each.timer = setTimeout(() => begin(each), delay)
  }

  function begin(each: Plan): void {
    // A sweep may take longer than the span between two.
    if (each.running) {
      plan(each, each.next, SOON_MS)
      return
    }
    const run = take(each).finally(() => running.delete(run))
    running.add(run)
  }

  /** What is planned for the time when it ends may be overtaken by an outage meanwhile. */
  async function take(each: Plan): Promise<void> {
    const { account, next } = each
    const { every } = account.options.catchUp
    each.running = true
    if (next === 'all') each.allAt = clock.now() + every
    plan(each, 'all', Math.max(0, each.allAt - clock.now()))
    try {
      await look(each, next)
    } catch (error) {
      if (closing.signal.aborted) return
      options.onFailed(account, error)
      plan(each, 'all', Math.min(afterFailure(each), every))
    } finally {
      each.running = false
    }
  }

  async function look(each: Plan, which: Which): Promise<void> {
    const swept = await sweep(each.account, closing.signal, which)
    if (which === 'all') each.incomplete = swept.incomplete === undefined ? 0 : each.incomplete + 1
    tell(options, each, which, swept)
    const again = againAfter(each, swept)
    if (clock.now() + again.delay < each.at) plan(each, again.next, again.delay)
  }

  return {
    start() {
      for (const each of plans.values()) begin(each)
    },
    soon(account) {
      const each = plans.get(account)
      if (each === undefined) return
      // While sweeps fail, the next one is on its way already.
      const isFailing = each.failures > 0 && !each.running
      if (each.next === 'all' && (isFailing || each.at <= clock.now() + SOON_MS)) return
      plan(each, 'all', SOON_MS)
    },
    async close() {
      closing.abort()
      for (const { timer } of plans.values()) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}

/** That conversations cannot be listed may be passing trouble once. */
function tell(options: SweepPlanOptions, each: Plan, which: Which, swept: Swept): void {
  const { account } = each
  const { queued, failure, incomplete } = swept
  if (queued > 0) options.onFound(account, queued)
  if (failure !== undefined) options.onFailed(account, failure)
  if (incomplete === undefined || which === 'rest') return
  options.onFailed(account, incomplete)
  if (each.incomplete > 1) options.onNeeded(account, incomplete)
}

/** What to look through before the next sweep is due, and when; never where nothing is open. */
function againAfter(each: Plan, { failure, isLeft, incomplete }: Swept): Again {
  const next = incomplete !== undefined && each.incomplete === 1 ? 'all' : 'rest'
  if (failure !== undefined) return { next, delay: afterFailure(each) }
  each.failures = 0
  // Asking for all piece by piece takes long, so it is not done again and again.
  if (next === 'all') return { next, delay: LIST_AGAIN_MS }
  return { next, delay: isLeft === true ? LEFT_MS : Number.POSITIVE_INFINITY }
}

type Again = { next: Which; delay: number }

/** How long to wait after one more failure. */
function afterFailure(each: Plan): number {
  const again = AGAIN_MS[Math.min(each.failures, AGAIN_MS.length - 1)] ?? SOON_MS
  each.failures += 1
  return again
}
