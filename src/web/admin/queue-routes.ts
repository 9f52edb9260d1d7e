import { Hono } from 'hono'
import { z } from 'zod'
import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import type { Direction } from '../../queue/entry.ts'
import type { Waiting } from '../../queue/lanes.ts'
import type { LaneGroup, WaitingLane, WaitingLanes } from '../../queue/waiting-lanes.ts'
import { shownChat } from './pages/parts/shown-chat.ts'
import { badQuery, positive, positiveUpTo, readQuery } from './read-query.ts'

/** What something waits for. Times in ISO 8601. */
export type WaitsFor =
  /** The WhatsApp session of the account is down. */
  | { what: 'session'; since: string }
  /** The account's Chatwoot is out of order. */
  | { what: 'chatwoot' }
  /** So many attempts failed; the next one is due then. */
  | { what: 'retry'; at: string; attempts: number }
  /** Something that belongs before it, or an answer, may still come until then. */
  | { what: 'earlier'; at: string }
  /** A free worker; what goes to WhatsApp, its turn to be sent. */
  | { what: 'turn' }
  /** Its first entry cannot be read, or a newer release wrote it. */
  | { what: 'readable' }

/** What waits of one account one way. */
type QueueView = LaneGroup & {
  /** Lanes that hold something, and what they hold in all. */
  lanes: number
  entries: number
  oldestSeconds: number
  /** Lanes that are worked on at the moment. */
  inHand: number
  /** What all of them wait for; null while nothing stops them. */
  waitsFor: WaitsFor | null
  /** Dead letters. */
  failures: number
}

/** A lane that holds something: whose chat as far as an admin has to know, never what it holds. */
type LaneView = LaneGroup & {
  chat: string
  entries: number
  /** When its oldest entry came, ISO 8601. */
  oldestAt: string
  inHand: boolean
  /** Empty while it is in hand. */
  waitsFor: WaitsFor[]
}

export type QueuesView = {
  queues: QueueView[]
  /** Those that wait longest first. */
  lanes: LaneView[]
  /** Where the next page begins; null on the last one, and where more than one queue was asked for. */
  cursor: number | null
}

export type QueuesQuery = {
  account?: string | undefined
  direction?: Direction | undefined
  /** How many lanes come before; only of one account one way. */
  cursor?: number | undefined
}

/** Shows what waits; all of it unless an account or a way is named. */
export type ShowQueues = (query: QueuesQuery, limit: number) => Promise<QueuesView>

export type QueuesDeps = {
  accounts: readonly Account[]
  waiting: (accounts: AccountId[]) => Promise<Waiting[]>
  waitingLanes: WaitingLanes
  failures: Pick<Failures, 'count'>
  /** Since when the WhatsApp session is down, ms since 1970; `undefined` while it is up. */
  sessionDownSince: (account: AccountId) => Promise<number | undefined>
  clock: Clock
}

const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']

export function createShowQueues(deps: QueuesDeps): ShowQueues {
  const { waitingLanes, clock } = deps

  /** What stops a whole queue. */
  async function stopOf(account: Account, direction: Direction): Promise<WaitsFor | null> {
    if (direction !== 'out') return account.chatwootBreaker.isOpen() ? { what: 'chatwoot' } : null
    const since = await deps.sessionDownSince(account.id)
    return since === undefined ? null : { what: 'session', since: iso(since) }
  }

  async function queuesOf(accounts: readonly Account[], directions: readonly Direction[]) {
    const ids = accounts.map(({ id }) => id)
    const groups = ids.flatMap((account) => directions.map((direction) => ({ account, direction })))
    const [counts, waiting] = await Promise.all([waitingLanes.count(groups), deps.waiting(ids)])
    const now = clock.now()
    const views = counts.map(async ({ account: id, direction, lanes, inHand }) => {
      const account = accounts.find((each) => each.id === id)
      const { count = 0, oldest = 0 } =
        waiting.find((each) => each.account === id && each.direction === direction) ?? {}
      return {
        account: id,
        direction,
        lanes,
        entries: count,
        oldestSeconds: oldest === 0 ? 0 : Math.max(0, (now - oldest) / 1000),
        inHand,
        waitsFor: account === undefined ? null : await stopOf(account, direction),
        failures: await deps.failures.count(id, direction),
      }
    })
    return Promise.all(views)
  }

  return async ({ account, direction, cursor = 0 }, limit) => {
    const accounts = deps.accounts.filter(({ id }) => account === undefined || id === account)
    const directions = direction === undefined ? DIRECTIONS : [direction]
    const queues = await queuesOf(accounts, directions)
    const [only] = queues
    const isOne = queues.length === 1 && only !== undefined
    const found = isOne
      ? await waitingLanes.page(only, cursor, limit)
      : await waitingLanes.oldest(
          queues.filter(({ lanes }) => lanes > 0),
          limit,
        )
    return {
      queues,
      lanes: found.map((each) => laneView(each, stopFor(queues, each), clock.now())),
      cursor: isOne && only.lanes > cursor + limit ? cursor + limit : null,
    }
  }
}

function stopFor(queues: readonly QueueView[], { lane }: WaitingLane): WaitsFor | null {
  const queue = queues.find(
    ({ account, direction }) => account === lane.account && direction === lane.direction,
  )
  return queue?.waitsFor ?? null
}

function laneView(waiting: WaitingLane, stop: WaitsFor | null, now: number): LaneView {
  const { lane, entries, oldest, isInHand } = waiting
  return {
    account: lane.account,
    direction: lane.direction,
    chat: shownChat(lane.key),
    entries,
    oldestAt: iso(Math.min(oldest, now)),
    inHand: isInHand,
    waitsFor: isInHand ? [] : reasonsOf(waiting, stop, now),
  }
}

function reasonsOf({ head }: WaitingLane, stop: WaitsFor | null, now: number): WaitsFor[] {
  const own = ownReason(head, now)
  const reasons = [...(stop === null ? [] : [stop]), ...(own === undefined ? [] : [own])]
  return reasons.length === 0 ? [{ what: 'turn' }] : reasons
}

function ownReason(head: WaitingLane['head'], now: number): WaitsFor | undefined {
  if (head === undefined) return { what: 'readable' }
  const { attempts, notBefore = 0 } = head
  if (notBefore <= now) return undefined
  const at = iso(notBefore)
  return attempts > 0 ? { what: 'retry', at, attempts } : { what: 'earlier', at }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

const PAGE = 50
const MAX_PAGE = 500

const query = z.object({
  account: z.string().optional(),
  direction: z.enum(['in', 'out', 'status'], { error: 'expected in, out or status' }).optional(),
  cursor: positive.optional(),
  limit: positiveUpTo(MAX_PAGE).default(PAGE),
})

/** `GET /queues`: what waits, and for what. */
export function createQueueRoutes(deps: {
  accounts: readonly AccountId[]
  showQueues: ShowQueues
}): Hono {
  const app = new Hono()
  app.get('/', async (c) => {
    const { limit, ...asked } = readQuery(c, query)
    const { account, direction, cursor } = asked
    if (account !== undefined && !deps.accounts.some((id) => id === account)) {
      throw badQuery('account: there is none of that name')
    }
    if (cursor !== undefined && (account === undefined || direction === undefined)) {
      throw badQuery('cursor: give account and direction, too')
    }
    return c.json(await deps.showQueues(asked, limit))
  })
  return app
}
