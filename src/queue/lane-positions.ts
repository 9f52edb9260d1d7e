import type { Redis } from 'ioredis'
import type { AccountId } from '../kernel/ids.ts'
import { runScript } from '../state/redis/script.ts'
import { type Entry, entryBody, type Lane, laneName } from './entry.ts'
import { counterOf, LANE_SCRIPTS, type Lanes, laneKeys } from './lanes.ts'

/** Where entries stand in their lanes. */
export type LanePositions = {
  /** The order an entry waits under; `undefined` when it is not in the lane. */
  orderOf(lane: Lane, id: string): Promise<number | undefined>
  /** Whether nothing stands before the entry. */
  isHead(lane: Lane, id: string): Promise<boolean>
  /** Whether something waits under an order. */
  isTaken(lane: Lane, order: number): Promise<boolean>
  /** The same in any `out` lane of the account. Looks at all of them, so ask for the rare case only. */
  isTakenAnywhere(account: AccountId, order: number): Promise<boolean>
  /** Puts an entry back under the id and order it had. Doing it twice does no harm. */
  restore(lane: Lane, entry: Entry, order: number): Promise<void>
}

export function createLanePositions(deps: {
  redis: Redis
  prefix: string
  lanes: Pick<Lanes, 'page'>
}): LanePositions {
  const { redis, prefix, lanes } = deps
  const orderKey = (lane: Lane) => laneKeys(prefix, lane)[0]

  async function isTakenIn(some: readonly Lane[], order: number): Promise<boolean> {
    const counts = await Promise.all(some.map((lane) => redis.zcount(orderKey(lane), order, order)))
    return counts.some((count) => count > 0)
  }

  return {
    async orderOf(lane, id) {
      const score = await redis.zscore(orderKey(lane), id)
      return score === null ? undefined : Number(score)
    },
    async isHead(lane, id) {
      return (await redis.zrange(orderKey(lane), 0, '0'))[0] === id
    },
    isTaken: (lane, order) => isTakenIn([lane], order),
    async isTakenAnywhere(account, order) {
      let cursor = '0'
      do {
        const page = await lanes.page('out', account, cursor)
        if (await isTakenIn(page.lanes, order)) return true
        cursor = page.cursor
      } while (cursor !== '0')
      return false
    },
    async restore(lane, entry, order) {
      await runScript(redis, LANE_SCRIPTS.restore, laneKeys(prefix, lane), [
        laneName(lane),
        counterOf(lane),
        order,
        entry.id,
        entryBody(entry),
      ])
    },
  }
}
