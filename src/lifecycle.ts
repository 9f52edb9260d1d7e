import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Account } from './accounts/account.ts'
import type { CatchUp } from './bridge/catch-up/catch-up.ts'
import type { SessionProtection } from './bridge/holds/session-protection.ts'
import type { Intake } from './bridge/intake/intake.ts'
import type { ReorderWindow } from './bridge/intake/route.ts'
import type { OpenLidsWatch } from './bridge/open-lids/open-lids-watch.ts'
import type { InfoPolls } from './bridge/sends/ask-info.ts'
import { type Clock, type ClockWatch, watchClock } from './kernel/clock.ts'
import type { AccountId } from './kernel/ids.ts'
import type { Logger } from './kernel/log.ts'
import type { Operator } from './operators/conversation/operator.ts'
import type { OwnIdentity } from './people/own.ts'
import type { Direction } from './queue/entry.ts'
import type { Queue } from './queue/queue.ts'
import type { Work } from './queue/workers.ts'
import { awayReason, onRedisBack } from './state/redis/away.ts'
import { waitForRedis } from './state/redis/connect.ts'
import type { Contact } from './state/redis/contact.ts'
import type { LossWatch } from './state/redis/loss.ts'
import { noteForgotten } from './state/store/forgotten.ts'
import type { Store } from './state/store/types.ts'

/** In which order the delivery begins its work and ends it. */
export type Lifecycle = {
  /**
   * Waits for Redis, as long as it takes; what comes in before that waits on disk. What an earlier process left there is in
   * the lanes when it resolves, if Redis takes it.
   *
   * @throws {ConfigError} when an account's records are about something else than the configuration.
   */
  start(): Promise<void>
  /** Lets the turns in hand finish. */
  close(): Promise<void>
}

const CONFIRM_MS = 500

export function createLifecycle(parts: {
  redis: Redis
  /** Rejects when nothing may be worked on. */
  confirm?: (() => Promise<void>) | undefined
  loss?: Pick<LossWatch, 'look' | 'start' | 'close'> | undefined
  queue: Pick<Queue, 'start' | 'close'>
  /** What the queue does. */
  work: Work
  infoPolls: InfoPolls
  reorderWindow: Pick<ReorderWindow, 'begin'>
  intake: Intake
  catchUp: Pick<CatchUp, 'start' | 'close'>
  sessionProtection: SessionProtection
  operator: Pick<Operator, 'start' | 'close'>
  openLidsWatch: OpenLidsWatch
  accounts: ReadonlyMap<AccountId, Account>
  /** Since when an account is there, ms since 1970. */
  sinceOf: (account: Account) => Promise<number>
  own: Pick<OwnIdentity, 'of'>
  onError: (error: unknown) => void
  /** Notices that somebody has set the clock. */
  clockWatch?: Pick<ClockWatch, 'start' | 'close'>
}): Lifecycle {
  const {
    redis,
    confirm,
    loss,
    clockWatch,
    queue,
    infoPolls,
    intake,
    catchUp,
    sessionProtection,
    operator,
    openLidsWatch,
  } = parts
  let isClosing = false
  let stopResuming = () => {}

  /** A Redis that takes commands may still be loading, or lead to a replica. */
  async function untilConfirmed(): Promise<void> {
    while (!isClosing) {
      try {
        await confirm?.()
        await loss?.look()
        return
      } catch (error) {
        if (awayReason(error) === undefined) throw error
        await wait(CONFIRM_MS, undefined, { ref: false })
      }
    }
  }

  /** Every account is new in this very process: there was no bridge that could have missed a webhook. */
  async function isFirstStart(): Promise<boolean> {
    const known = await Promise.all(
      [...parts.accounts.values()].map((account) => parts.sinceOf(account)),
    )
    return known.every((since) => since >= performance.timeOrigin)
  }

  /** Known before the first message, as a rule; nothing waits for it. */
  function askWhoWeAre(): void {
    for (const account of parts.accounts.values()) {
      parts.own.of(account).catch(parts.onError)
    }
  }

  return {
    async start() {
      // Workers that were started without Redis could not be stopped without it either.
      await waitForRedis(redis)
      await untilConfirmed()
      if (isClosing) return
      loss?.start()
      sessionProtection.start()
      askWhoWeAre()
      await queue.start(parts.work)
      if (isClosing) return
      infoPolls.start()
      parts.reorderWindow.begin({ isFirst: await isFirstStart() })
      await intake.start()
      if (isClosing) return
      stopResuming = onRedisBack(redis, intake.resume)
      catchUp.start()
      operator.start()
      clockWatch?.start()
      openLidsWatch.start()
    },
    async close() {
      isClosing = true
      stopResuming()
      clockWatch?.close()
      sessionProtection.close()
      operator.close()
      const endTurns = async () => {
        await intake.close()
        await Promise.all([queue.close(), infoPolls.close()])
      }
      // A sweep that waits for Chatwoot keeps no turn from ending in time.
      await Promise.all([catchUp.close(), openLidsWatch.close(), loss?.close(), endTurns()])
    },
  }
}

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

/** Long enough for any Redis that is there. */
const PATIENCE_MS = 1_000

/**
 * Starts the delivery, but has nobody wait for a Redis that is away: the bridge listens without it, and the rest follows
 * by itself. Says so then, and when it has followed.
 */
export async function startDelivery(deps: {
  delivery: Pick<Lifecycle, 'start'>
  redis: Contact
  log: Logger
  patienceMs?: number
}): Promise<void> {
  const { delivery, redis, log, patienceMs = PATIENCE_MS } = deps
  const starting = delivery.start().then(() => true)
  const late = redis.problem() === undefined ? wait(patienceMs, false, { ref: false }) : false
  if (await Promise.race([starting, late])) return
  const reason = redis.problem() ?? 'Redis is busy'
  log.warn({ reason }, 'The workers do not run yet: webhooks wait on disk until Redis takes them')
  starting.then(
    () => log.info('Redis is there: the workers run'),
    (err: unknown) => {
      // The bridge is stopped before Redis came.
      if (awayReason(err) !== undefined) return
      log.error({ err }, 'The workers could not be started; webhooks wait on disk')
    },
  )
}
