import type { Account } from '../../accounts/account.ts'
import type { Observer } from '../../bridge/observer.ts'
import { createOnceEvery } from '../../kernel/async.ts'
import type { AccountId } from '../../kernel/ids.ts'
import { type Logger, summarizeError } from '../../kernel/log.ts'
import { awayReason } from '../../state/redis/away.ts'
import { type Loss, lossInWords } from '../../state/redis/loss.ts'
import type { OnSetAside } from '../../state/set-aside/set-aside.ts'
import type { OnWebhook } from '../http/webhook-routes.ts'
import { eventLabel, kindLabel, type Metrics, sessionStatusLabel } from './metrics.ts'

/** How often to say that Redis is still away. */
const AWAY_LOG_MS = 30_000
/** One wrong clock concerns many lanes, one after the other. */
const AHEAD_LOG_MS = 10 * 60_000
/** How often to say what strangers do. */
const REFUSED_LOG_MS = 60_000

const NEWER_LOG_MS = 10 * 60_000

/** What is told of with a count, by what strangers can cause. */
const REFUSED: Readonly<Record<string, string>> = {
  unauthorized: 'Webhooks were refused: their signature is missing or wrong',
  'no-room': 'Webhooks were refused: strangers send too much at the same time',
  admin: 'Requests to /admin were refused: the admin token is missing or wrong',
}

type ObserverDeps = {
  log: Logger
  metrics: Metrics
  /** Ids of the configured ones: a refused webhook is told of by the account it was addressed to. */
  accounts: readonly string[]
}

type BridgeObserver = Observer & {
  onWebhook: OnWebhook
  /** Somebody asked for what is below `/admin` without the token. */
  onAdminRefused: () => void
  /** What was last heard of the account's session. */
  lastStatus: (account: Account) => string | undefined
  /** Something could not be counted while Prometheus asked. */
  onScrapeFailed: (error: unknown) => void
  /** Something stored could not be read. */
  onSetAside: OnSetAside
  /** Redis has lost what it held. */
  onRedisLoss: (loss: Loss, remembers: 'file' | 'redis') => void
}

/** Turns what happens into metrics and log lines. Ids, kinds and counts only. */
export function createObserver(deps: ObserverDeps): BridgeObserver {
  const { log, metrics } = deps
  const isNews = createOnceEvery(AWAY_LOG_MS)
  const statuses = new Map<AccountId, string>()
  return {
    ...observeDoors(deps),
    onMessage({ account, direction, kind, result }) {
      metrics.messages.inc({ account: account.id, direction, kind: kindLabel(kind), result })
      if (result === 'unknown') metrics.unknownOutcomes.inc({ account: account.id })
    },
    onHandled(direction, seconds) {
      metrics.delivery.observe({ direction }, seconds)
    },
    onAttemptFailed({ lane, entry, error, retryAt }) {
      const facts = {
        account: lane.account,
        direction: lane.direction,
        entry: entry.id,
        attempts: entry.attempts + 1,
        retryAt: retryAt === undefined ? undefined : new Date(retryAt).toISOString(),
        err: error,
      }
      if (retryAt === undefined) log.error(facts, 'An entry failed for good')
      else log.warn(facts, 'An attempt failed and is repeated')
    },
    onUnknown(account, event, reason) {
      const facts = { account: account.id, event, reason }
      log.warn(facts, 'A webhook has a shape the bridge does not know')
    },
    onSessionStatus(account, status) {
      statuses.set(account.id, status)
      metrics.sessionUp.set({ account: account.id }, status === 'connected' ? 1 : 0)
      log.info(
        { account: account.id, status: sessionStatusLabel(status) },
        'The WhatsApp session changed',
      )
    },
    ...tellOfClock(deps),
    onSetAside: tellSetAside(deps),
    onRedisLoss: tellRedisLoss(deps),
    lastStatus: ({ id }) => statuses.get(id),
    onScrapeFailed(error) {
      if (isNews('scrape')) log.warn({ err: error }, 'Some metrics cannot be told at the moment')
    },
    onNewer: tellNewer(log),
    onTypingFailed(account, error) {
      log.debug({ account: account.id, err: error }, 'A typing mark could not be sent')
    },
    onCatchUpFailed(account, error) {
      const away = awayReason(error)
      if (away !== undefined) {
        if (isNews(`${account.id} ${away}`)) {
          const facts = { account: account.id, reason: away }
          log.warn(facts, 'Redis is away: what was missed is looked for once it is back')
        }
        return
      }
      log.warn({ account: account.id, err: error }, 'Chatwoot could not be asked what was missed')
    },
    onCaughtUp(account, count) {
      log.info({ account: account.id, count }, 'Found messages whose webhook was lost')
    },
    onSpool(news) {
      if (news.state === 'empty') log.info('What waited on disk is in its lanes')
      else log.warn({ reason: news.reason }, 'Webhooks wait on disk for Redis')
    },
    onWorkerError(error) {
      const away = awayReason(error)
      if (away !== undefined) {
        // Dozens of commands a second fail the same way until Redis is back.
        if (isNews(away)) log.warn({ reason: away }, 'The workers wait for Redis')
        return
      }
      log.error({ err: error }, `Something failed behind the scenes: ${summarizeError(error)}`)
    },
  }
}

/** What comes in from outside, authentic or not. */
function observeDoors({ log, metrics, accounts }: ObserverDeps) {
  const refusals = createTally(REFUSED_LOG_MS, (name, count) => {
    const [what = '', source, addressed] = name.split(' ')
    log.warn(
      { source: source || undefined, addressed: addressed || undefined, count },
      REFUSED[what],
    )
  })
  const countRefusal = (what: string, source = '', addressed = '') =>
    refusals.count(`${what} ${source} ${accounts.includes(addressed) ? addressed : ''}`)
  const observer: Pick<BridgeObserver, 'onWebhook' | 'onAdminRefused'> = {
    onAdminRefused() {
      metrics.adminRefused.inc()
      countRefusal('admin')
    },
    onWebhook({ source, account, event, result, error, addressed }) {
      metrics.webhooks.inc({ account, source, event: eventLabel(event), result })
      if (error !== undefined) {
        log.error({ account, source, err: error }, 'A webhook could not be stored')
      } else if (result in REFUSED) {
        countRefusal(result, source, addressed)
      } else {
        log.debug({ account, source, event, result }, 'Webhook')
      }
    },
  }
  return observer
}

function tellSetAside({ log, metrics }: { log: Logger; metrics: Metrics }): OnSetAside {
  return (news) => {
    metrics.setAside.inc({ what: news.what }, news.count)
    log.error(news, 'Something stored could not be read and was set aside; the rest goes on')
  }
}

function tellRedisLoss({ log, metrics }: { log: Logger; metrics: Metrics }) {
  return (loss: Loss, remembers: 'file' | 'redis'): void => {
    metrics.redisLosses.inc()
    log.error({ lost: loss.what }, lossInWords(loss, remembers))
  }
}

function tellNewer(log: Logger): Observer['onNewer'] {
  const isNews = createOnceEvery(NEWER_LOG_MS)
  return ({ account, direction }) => {
    if (!isNews(`${account} ${direction}`)) return
    const facts = { account, direction }
    log.error(facts, 'Something that waits was written by a newer release: start that one again')
  }
}

function tellOfClock({ log }: { log: Logger }) {
  const isNews = createOnceEvery(AHEAD_LOG_MS)
  return {
    onClockJump(ms: number): void {
      const seconds = Math.round(Math.abs(ms) / 1000)
      const way = ms > 0 ? 'ahead' : 'back'
      log.warn(
        { seconds, way },
        `The clock of this machine went ${way} by ${seconds} s: set it by NTP`,
      )
    },
    onClockWasAhead(): void {
      if (!isNews('')) return
      log.warn('What waited for a moment too far ahead goes on now: the clock was wrong')
    },
  }
}

/** Counts what strangers may cause as often as they like. */
type Tally = {
  /** One more of this name. */
  count(name: string): void
  close(): void
}

/**
 * Tells of the first of its name at once, and of those that follow at most once in `ms`, with their number. So a log cannot
 * be filled by what it tells of. Names come from a finite set.
 */
export function createTally(ms: number, tell: (name: string, count: number) => void): Tally {
  const waiting = new Map<string, { count: number; timer: NodeJS.Timeout }>()

  function begin(name: string): void {
    const timer = setTimeout(() => end(name), ms)
    timer.unref()
    waiting.set(name, { count: 0, timer })
  }

  function end(name: string): void {
    const count = waiting.get(name)?.count ?? 0
    waiting.delete(name)
    if (count === 0) return
    tell(name, count)
    begin(name)
  }

  return {
    count(name) {
      const known = waiting.get(name)
      if (known !== undefined) {
        known.count += 1
        return
      }
      tell(name, 1)
      begin(name)
    },
    close() {
      for (const { timer } of waiting.values()) clearTimeout(timer)
      waiting.clear()
    },
  }
}
