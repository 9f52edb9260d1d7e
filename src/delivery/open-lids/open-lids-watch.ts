import type { Account } from '../../account.ts'
import { findOpenLids } from '../../identity/follow-open-lids.ts'
import { createNumberOfLid } from '../../identity/number-of-lid.ts'
import type { AccountId } from '../../ids.ts'
import type { DeliveryOptions } from '../delivery.ts'
import type { Parts } from '../parts.ts'
import { createAskOpenLids, EVERY_MS } from './ask-open-lids.ts'
import { createQuiet } from './quiet.ts'

/** Asks again for the numbers of people who are known by LID only, for as long as the bridge runs. */
export type OpenLidsWatch = {
  start(): void
  /** Resolves when no question is under way. */
  close(): Promise<void>
}

/** A Redis that is away is looked for again after so long. */
const AWAY_MS = 60_000

const NEVER = Number.POSITIVE_INFINITY

/** One timer for each account, set to when somebody is due: it costs nothing while all numbers are known. */
export function createOpenLidsWatch(options: DeliveryOptions, parts: Parts): OpenLidsWatch {
  const { openLids, accounts, store, clock, observer } = options
  const numberOfLid = createNumberOfLid({ ...parts, store })
  const quiet = createQuiet(parts)
  const look = createAskOpenLids({ ...parts, store, openLids, numberOfLid, quiet })
  const timers = new Map<AccountId, { timer: NodeJS.Timeout; at: number }>()
  const looking = new Map<AccountId, Promise<void>>()
  /** Who is due was told during a look, which may not have seen it. */
  const told = new Map<AccountId, number>()
  let isRunning = false

  async function lookAt(account: Account): Promise<void> {
    let wait = AWAY_MS
    try {
      wait = await look(account)
    } catch (error) {
      observer.onWorkerError(error)
    }
    const due = (told.get(account.id) ?? NEVER) - clock.now()
    told.delete(account.id)
    looking.delete(account.id)
    plan(account, Math.max(0, Math.min(wait, due)))
  }

  function plan(account: Account, ms: number): void {
    if (!isRunning) return
    clearTimeout(timers.get(account.id)?.timer)
    const timer = setTimeout(() => looking.set(account.id, lookAt(account)), ms)
    timers.set(account.id, { timer: timer.unref(), at: clock.now() + ms })
  }

  openLids.onDue((id, at) => {
    const account = accounts.get(id)
    const planned = (looking.has(id) ? told.get(id) : timers.get(id)?.at) ?? NEVER
    if (account === undefined || planned <= at) return
    if (looking.has(id)) told.set(id, at)
    else plan(account, Math.max(0, at - clock.now()))
  })

  return {
    start() {
      isRunning = true
      for (const account of accounts.values()) plan(account, EVERY_MS)
      findOpenLids({ ...options, chats: store.chats }).catch(observer.onWorkerError)
    },
    async close() {
      isRunning = false
      for (const { timer } of timers.values()) clearTimeout(timer)
      await Promise.all(looking.values())
    },
  }
}
