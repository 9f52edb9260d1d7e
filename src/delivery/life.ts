import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Account } from '../account.ts'
import type { ClockWatch } from '../clock-jumps.ts'
import type { OwnIdentity } from '../identity/own.ts'
import type { AccountId } from '../ids.ts'
import { awayReason } from '../redis/away.ts'
import { waitForRedis } from '../redis/connect.ts'
import type { LossWatch } from '../redis/loss.ts'
import { onRedisBack } from '../redis/on-back.ts'
import type { Operator } from '../session/operator/operator.ts'
import type { Intake } from './intake/intake.ts'
import type { ReorderWindow } from './intake/reorder-window.ts'
import type { Queue } from './lanes/queue.ts'
import type { Work } from './lanes/workers.ts'
import type { CatchUp } from './missed/catch-up.ts'
import type { OpenLidsWatch } from './open-lids/open-lids-watch.ts'
import type { SessionProtection } from './outages/session-protection.ts'
import type { InfoPolls } from './outcome/info-polls.ts'

/** In which order the delivery begins its work and ends it. */
export type DeliveryLife = {
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

export function createDeliveryLife(parts: {
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
}): DeliveryLife {
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
