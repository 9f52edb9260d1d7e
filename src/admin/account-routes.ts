import { Hono } from 'hono'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Failures } from '../delivery/failures.ts'
import type { Direction, Waiting } from '../delivery/lanes.ts'
import { BridgeError } from '../errors.ts'
import type { AccountId } from '../ids.ts'
import { parseAddress } from '../wasender/jid.ts'

export type AccountRoutesDeps = {
  accounts: readonly Account[]
  waiting: (accounts: AccountId[]) => Promise<Waiting[]>
  failures: Pick<Failures, 'count'>
  /** Why nothing of the account moves in words; `undefined` while all does. */
  pausedReason: (account: Account) => Promise<string | undefined>
  clock: Clock
}

const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']
/** An admin looks at a page: a platform that does not answer is shown as such. */
const ANSWER_WITHIN_MS = 4_000

/** `GET /accounts`: how each account is (design section 3). */
export function createAccountRoutes(deps: AccountRoutesDeps): Hono {
  const { accounts, failures, clock } = deps
  const app = new Hono()

  async function failuresOf({ id }: Account) {
    const counts = await Promise.all(DIRECTIONS.map((each) => failures.count(id, each)))
    return Object.fromEntries(DIRECTIONS.map((each, index) => [each, counts[index]]))
  }

  function waitingOf({ id }: Account, rows: readonly Waiting[]) {
    const mine = rows.filter(({ account }) => account === id)
    return Object.fromEntries(
      mine.map(({ direction, count, oldest }) => [
        direction,
        { count, oldestSeconds: oldest === 0 ? 0 : Math.max(0, (clock.now() - oldest) / 1000) },
      ]),
    )
  }

  async function view(account: Account, rows: readonly Waiting[]) {
    const [session, inbox, paused, failed] = await Promise.all([
      orProblem(sessionOf(account)),
      orProblem(inboxOf(account)),
      deps.pausedReason(account),
      failuresOf(account),
    ])
    return {
      id: account.id,
      session,
      inbox,
      waiting: waitingOf(account, rows),
      paused: paused ?? null,
      failures: failed,
    }
  }

  app.get('/', async (c) => {
    const rows = await deps.waiting(accounts.map(({ id }) => id))
    return c.json({ accounts: await Promise.all(accounts.map((each) => view(each, rows))) })
  })
  return app
}

async function sessionOf({ wasender }: Account) {
  const status = await wasender.session.status()
  if (status !== 'connected') return { status, phone: null }
  const address = parseAddress((await wasender.session.user()).jid)
  return { status, phone: address?.kind === 'phone' ? `+${address.digits}` : null }
}

async function inboxOf({ chatwoot, inboxId }: Account) {
  const { id, name } = await chatwoot.inboxes.get(inboxId)
  return { id, name }
}

/** What a platform says of itself, or why it says nothing. */
async function orProblem<T>(question: Promise<T>): Promise<T | { problem: string }> {
  const late = Promise.withResolvers<{ problem: string }>()
  const timer = setTimeout(() => late.resolve({ problem: 'It does not answer.' }), ANSWER_WITHIN_MS)
  try {
    return await Promise.race([question, late.promise])
  } catch (error) {
    if (error instanceof BridgeError) return { problem: error.message }
    throw error
  } finally {
    clearTimeout(timer)
  }
}
