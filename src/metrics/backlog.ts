import type { Clock } from '../clock.ts'
import type { Failures } from '../delivery/failures/failures.ts'
import type { Direction, Lanes } from '../delivery/lanes/lanes.ts'
import { LIMIT_CODES, type Limits } from '../delivery/outages/limits.ts'
import type { OpenLids } from '../identity/open-lids.ts'
import type { AccountId } from '../ids.ts'
import type { Store } from '../store/types.ts'
import type { Questions } from './on-demand.ts'

const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']
const KINDS = ['links', 'chats', 'aliases', 'accounts'] as const

/** What waits, what was given up and what is remembered. Counted by Redis and the store, whatever there is of it. */
export function createBacklogQuestions(deps: {
  accounts: readonly AccountId[]
  lanes: Pick<Lanes, 'waiting'>
  failures: Pick<Failures, 'count'>
  limits: Pick<Limits, 'of'>
  openLids: Pick<OpenLids, 'count'>
  store: Store
  clock: Clock
}): Questions {
  const { accounts, lanes, failures, limits, openLids, store, clock } = deps
  return {
    async waiting() {
      const rows = await lanes.waiting([...accounts])
      return rows.map(({ oldest, ...row }) => ({
        ...row,
        oldestSeconds: oldest === 0 ? 0 : Math.max(0, (clock.now() - oldest) / 1000),
      }))
    },
    failures: () =>
      Promise.all(
        accounts.flatMap((account) =>
          DIRECTIONS.map(async (direction) => ({
            account,
            direction,
            count: await failures.count(account, direction),
          })),
        ),
      ),
    async limits() {
      const found = await Promise.all(
        accounts.map(async (account) => {
          const met = await limits.of(account)
          return LIMIT_CODES.map((code) => ({
            account,
            code,
            isMet: met.some((limit) => limit.code === code),
          }))
        }),
      )
      return found.flat()
    },
    openLids: () =>
      Promise.all(
        accounts.map(async (account) => ({ account, count: await openLids.count(account) })),
      ),
    entries: () =>
      Promise.all(KINDS.map(async (kind) => ({ kind, count: await store[kind].count() }))),
  }
}
