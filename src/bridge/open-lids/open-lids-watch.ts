import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Identity } from '../../people/identity.ts'
import { createNumberOfLid, findOpenLids } from '../../people/open-lids.ts'
import type { Queue, Throttle } from '../../queue/queue.ts'
import type { State } from '../../state/store/types.ts'
import type { SessionGate } from '../holds/session-pauses.ts'
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
export function createOpenLidsWatch(deps: {
  state: State
  accounts: ReadonlyMap<AccountId, Account>
  queue: Pick<Queue, 'lanes' | 'dispatch'>
  identity: Identity
  sessionGate: SessionGate
  throttle: Throttle
  clock: Clock
  onError: (error: unknown) => void
}): OpenLidsWatch {
  const { accounts, sessionGate, throttle, clock, onError } = deps
  const { store } = deps.state
  const { lanes, dispatch } = deps.queue
  const { people, own, openLids } = deps.identity
  const look = createAskOpenLids({
    openLids,
    numberOfLid: createNumberOfLid({ people, own, store }),
    quiet: createQuiet({ lanes, sessionGate, clock }),
    people,
    own,
    store,
    throttle,
    dispatch,
    clock,
  })
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
      onError(error)
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
      findOpenLids({ state: deps.state, chats: store.chats, openLids }).catch(onError)
    },
    async close() {
      isRunning = false
      for (const { timer } of timers.values()) clearTimeout(timer)
      await Promise.all(looking.values())
    },
  }
}
