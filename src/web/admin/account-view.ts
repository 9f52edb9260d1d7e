import { Hono } from 'hono'
import type { Account } from '../../accounts/account.ts'
import type { LimitCode, Limits } from '../../accounts/limits.ts'
import { en } from '../../content/locale/en.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { SessionState } from '../../operators/session-control.ts'
import type { OpenLids } from '../../people/open-lids.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import type { Direction } from '../../queue/entry.ts'
import type { Waiting } from '../../queue/lanes.ts'
import { hintsOf, type ReadinessCheck, runChecks } from '../http/health-routes.ts'
import type { InboxLook, PlatformLooks, Problem } from './platform-looks.ts'

/** What the bridge itself knows of an account. */
type AccountCounts = {
  waiting: Partial<Record<Direction, { count: number; oldestSeconds: number }>>
  /** Why nothing of the account moves, in words; null while all does. */
  paused: string | null
  failures: Record<Direction, number>
  /** What WhatsApp does not let the account do at the moment. */
  limits: LimitView[]
  /** Customers who are known by LID only: their numbers are asked for again by themselves. */
  openLids: number
}

/** A limit of WhatsApp, by its number for it. `since` in ISO 8601. */
type LimitView = { code: LimitCode; since: string; what: string; helps: string }

/** How an account is, for the admin API and the pages. */
export type AccountView = AccountCounts & {
  id: AccountId
  session: SessionState | Problem
  inbox: InboxLook | Problem
}

type AccountViewsDeps = {
  waiting: (accounts: AccountId[]) => Promise<Waiting[]>
  failures: Pick<Failures, 'count'>
  /** Why nothing of the account moves in words; `undefined` while all does. */
  limits: Pick<Limits, 'of'>
  openLids: Pick<OpenLids, 'count'>
  pausedReason: (account: Account) => Promise<string | undefined>
  looks: PlatformLooks
  clock: Clock
}

/** What is known of an account; without counts while Redis is away. */
export type KnownOfAccount = Pick<AccountView, 'id' | 'session' | 'inbox'> &
  Partial<Pick<AccountView, 'waiting' | 'failures' | 'paused' | 'limits' | 'openLids'>>

export type AccountViews = {
  of(accounts: readonly Account[]): Promise<AccountView[]>
  /** All of it, or what the platforms say when Redis is known to be away: it is not asked then. */
  known(accounts: readonly Account[], isRedisAway: boolean): Promise<KnownOfAccount[]>
}

export function createAccountViews(deps: AccountViewsDeps): AccountViews {
  const { failures, looks, clock } = deps

  async function failuresOf({ id }: Account): Promise<AccountCounts['failures']> {
    const [inbound, outbound, status] = await Promise.all([
      failures.count(id, 'in'),
      failures.count(id, 'out'),
      failures.count(id, 'status'),
    ])
    return { in: inbound, out: outbound, status }
  }

  async function limitsOf({ id }: Account): Promise<LimitView[]> {
    const found = await deps.limits.of(id)
    return found.map(({ code, since }) => ({
      code,
      since: new Date(since).toISOString(),
      ...en.limits[code],
    }))
  }

  function waitingOf({ id }: Account, rows: readonly Waiting[]): AccountCounts['waiting'] {
    const mine = rows.filter(({ account }) => account === id)
    return Object.fromEntries(
      mine.map(({ direction, count, oldest }) => [
        direction,
        { count, oldestSeconds: oldest === 0 ? 0 : Math.max(0, (clock.now() - oldest) / 1000) },
      ]),
    )
  }

  async function platformsOf(account: Account) {
    const [session, inbox] = await Promise.all([looks.session(account), looks.inbox(account)])
    return { id: account.id, session, inbox }
  }

  async function view(account: Account, rows: readonly Waiting[]): Promise<AccountView> {
    const [platforms, paused, failed, limits, openLids] = await Promise.all([
      platformsOf(account),
      deps.pausedReason(account),
      failuresOf(account),
      limitsOf(account),
      deps.openLids.count(account.id),
    ])
    return {
      ...platforms,
      waiting: waitingOf(account, rows),
      paused: paused ?? null,
      failures: failed,
      limits,
      openLids,
    }
  }

  async function of(accounts: readonly Account[]): Promise<AccountView[]> {
    const rows = await deps.waiting(accounts.map(({ id }) => id))
    return Promise.all(accounts.map((account) => view(account, rows)))
  }

  return {
    of,
    known: (accounts, isRedisAway) =>
      isRedisAway ? Promise.all(accounts.map(platformsOf)) : of(accounts),
  }
}

/** `GET /accounts`: how each account is. */
export function createAccountRoutes(deps: {
  accounts: readonly Account[]
  views: Pick<AccountViews, 'of'>
}): Hono {
  const app = new Hono()
  app.get('/', async (c) => c.json({ accounts: await deps.views.of(deps.accounts) }))
  return app
}

/** What the bridge itself needs, by name, and why it is not there. */
export type Health = {
  /** Everything that was looked at. */
  names: readonly string[]
  problems: Readonly<Record<string, string>>
  /** What somebody should know although it works. */
  hints: Readonly<Record<string, string>>
}

export function createHealth(checks: readonly ReadinessCheck[]): () => Promise<Health> {
  const names = checks.map(({ name }) => name)
  return async () => ({ names, problems: await runChecks(checks), hints: hintsOf(checks) })
}
