import type { Account } from '../../accounts/account.ts'
import { LIMIT_CODES, type Limits } from '../../accounts/limits.ts'
import type { SessionGate } from '../../bridge/holds/session-pauses.ts'
import type { BacklogDirection } from '../../bridge/operator-news.ts'
import type { Clock } from '../../kernel/clock.ts'
import { OperatorNeededError } from '../../kernel/errors.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import type { Lanes } from '../../queue/lanes.ts'
import type { Throttle } from '../../queue/queue.ts'
import { type AlertMemory, areNewFailures, judgeBacklog } from './alert-memory.ts'
import type { OperatorDesk } from './operator-desk.ts'
import type { OperatorPlace } from './operator-place.ts'

/** Between two lines about dead letters. */
const FAILURES_EVERY_MS = 15 * 60_000

type WatchDeps = {
  desk: OperatorDesk
  place: Pick<OperatorPlace, 'known'>
  memory: AlertMemory
  lanes: Pick<Lanes, 'waiting'>
  failures: Pick<Failures, 'count' | 'list'>
  sessionGate: Pick<SessionGate, 'downSince'>
  limits: Pick<Limits, 'of'>
  throttle: Throttle
  needed: (account: Account, error: unknown) => Promise<void>
  clock: Clock
  /** How long a state of the session has to last. */
  debounceMs: number
}

/**
 * Looks at one account: is the session in the state that was told last, is anything stuck, are there more dead letters?
 * What is found is posted first and remembered afterwards: doing it twice makes the same source id, hence one line.
 */
export function createWatch(deps: WatchDeps) {
  const { desk, memory, lanes, failures, throttle, clock } = deps

  /** Webhooks about the session may be switched off or lost (docs/platforms/wasender.md#session-states). */
  async function watchSession(account: Account): Promise<void> {
    try {
      const status = await account.wasender.session.status()
      const told = (await deps.place.known(account))?.told
      if (told === status) return
      // Nothing was told yet, so nothing can flap.
      if (told === undefined) await desk.post(account, { is: 'session', status, at: clock.now() })
      else await desk.heard(account, status, deps.debounceMs)
    } catch (error) {
      if (!(error instanceof OperatorNeededError)) throw error
      await deps.needed(account, error)
    }
  }

  async function watchBacklog(account: Account, direction: BacklogDirection): Promise<void> {
    const name = `backlog:${direction}`
    const row = (await lanes.waiting([account.id])).find((each) => each.direction === direction)
    const { oldest = 0, count = 0 } = row ?? {}
    const told = await memory.get(account.id, name)
    const isDown = (await deps.sessionGate.downSince(account.id)) !== undefined
    const isExplained = direction === 'out' && isDown
    const verdict = judgeBacklog({ oldest, told, isExplained, now: clock.now() })
    if (verdict === 'started') {
      await desk.post(account, { is: 'backlog', direction, since: oldest, count })
      await memory.set(account.id, name, oldest)
    } else if (verdict === 'over' && told !== undefined) {
      await desk.post(account, { is: 'backlog-over', direction, since: told })
      await memory.forget(account.id, name)
    }
  }

  /** Messages only: what failed in a `status` lane may be a line of this very conversation. */
  async function watchFailures(account: Account): Promise<void> {
    const [inbound, outbound] = await Promise.all(
      (['in', 'out'] as const).map((direction) => newestOf(account, direction)),
    )
    const count = (inbound?.count ?? 0) + (outbound?.count ?? 0)
    const told = (await memory.get(account.id, 'failures')) ?? 0
    const newest = [inbound?.newest, outbound?.newest]
      .filter((failure) => failure !== undefined)
      .sort((a, b) => b.failedAt - a.failedAt)[0]
    if (newest !== undefined && areNewFailures({ count, told })) {
      if (!(await throttle.allow(`operator-failures:${account.id}`, FAILURES_EVERY_MS))) return
      const { id, message: reason } = newest
      await desk.post(account, { is: 'failures', count, newest: id, reason })
    }
    if (count !== told) await memory.set(account.id, 'failures', count)
  }

  /** Told when it begins and when it is over. */
  async function watchLimits(account: Account): Promise<void> {
    const found = await deps.limits.of(account.id)
    for (const code of LIMIT_CODES) {
      const name = `limit:${code}`
      const told = await memory.get(account.id, name)
      const since = found.find((limit) => limit.code === code)?.since
      if (since === told) continue
      if (told !== undefined) await desk.post(account, { is: 'limit-over', code, since: told })
      if (since === undefined) {
        await memory.forget(account.id, name)
      } else {
        await desk.post(account, { is: 'limit', code, since })
        await memory.set(account.id, name, since)
      }
    }
  }

  async function newestOf(account: Account, direction: BacklogDirection) {
    const count = await failures.count(account.id, direction)
    if (count === 0) return { count, newest: undefined }
    const page = await failures.list({ accounts: [account.id], direction, limit: 1 })
    return { count, newest: page.failures[0] }
  }

  return {
    session: watchSession,
    backlog: watchBacklog,
    failures: watchFailures,
    limits: watchLimits,
  }
}

type Watch = ReturnType<typeof createWatch>

const EVERY_MS = 60_000
/** Several processes share the looking; a little less than the time between two looks of one of them. */
const TURN_MS = 50_000

/** Looks at all accounts at start and then every minute, apart from everything else. */
export function createWatchClock(deps: {
  accounts: readonly Account[]
  watch: Watch
  throttle: Throttle
  onError: (error: unknown) => void
  everyMs?: number
}) {
  const { watch, throttle, onError, everyMs = EVERY_MS } = deps
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  /** What a look meets while everything is being closed is found again at the next start. */
  const failed = (error: unknown) => {
    if (!closing.signal.aborted) onError(error)
  }

  /** One thing that cannot be asked must not hide the others. */
  async function look(account: Account): Promise<void> {
    const looks = [
      () => watch.session(account),
      () => watch.backlog(account, 'in'),
      () => watch.backlog(account, 'out'),
      () => watch.failures(account),
      () => watch.limits(account),
    ]
    for (const each of looks) {
      if (!closing.signal.aborted) await each().catch(failed)
    }
  }

  async function isTurn({ id }: Account): Promise<boolean> {
    return throttle.allow(`operator-watch:${id}`, Math.min(TURN_MS, everyMs / 2))
  }

  async function lookInTurn(account: Account): Promise<void> {
    if (await isTurn(account)) await look(account)
  }

  const lookAtAll = (each: (account: Account) => Promise<void>) => {
    // A look that takes long is not overtaken by the next one.
    looking = looking.then(async () => {
      await Promise.all(deps.accounts.map((account) => each(account).catch(failed)))
    })
  }

  return {
    start(): void {
      lookAtAll(look)
      timer = setInterval(() => lookAtAll(lookInTurn), everyMs)
      timer.unref()
    },
    /** Does not wait for the look in hand, which may be waiting for a platform. */
    close(): void {
      closing.abort()
      clearInterval(timer)
    },
  }
}
