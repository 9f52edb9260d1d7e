import type { Redis } from 'ioredis'
import type { AccountId } from '../kernel/ids.ts'
import { redisKey } from '../state/redis/keys.ts'
import { type Direction, type Entry, type Lane, laneName, laneOf } from './entry.ts'
import type { Lanes } from './lanes.ts'

/** The lanes of one account in one direction. */
export type LaneGroup = { account: AccountId; direction: Direction }

/** A lane that holds something, to look at. */
export type WaitingLane = {
  lane: Lane
  /** How many entries it holds. */
  entries: number
  /** When its oldest entry came, ms since 1970. */
  oldest: number
  /** A worker has its first entry in hand. */
  isInHand: boolean
  /** Its first entry; `undefined` when that cannot be read. */
  head: Entry | undefined
}

/** What waits, for people to look at. Costs as much as it answers with, however many lanes there are. */
export type WaitingLanes = {
  /** Lanes that hold something, and how many of them are in hand. */
  count(groups: readonly LaneGroup[]): Promise<(LaneGroup & { lanes: number; inHand: number })[]>
  /** The lanes of all groups whose oldest entries have waited longest. */
  oldest(groups: readonly LaneGroup[], limit: number): Promise<WaitingLane[]>
  /** Lanes of one group in the order of their oldest entries, from the `from`th on, counted from 0. */
  page(group: LaneGroup, from: number, limit: number): Promise<WaitingLane[]>
}

type Indexed = { lane: Lane; oldest: number }

export function createWaitingLanes(deps: {
  redis: Redis
  prefix: string
  lanes: Pick<Lanes, 'head' | 'size'>
}): WaitingLanes {
  const { redis, prefix, lanes } = deps
  const marks = redisKey(prefix, 'inHand')

  async function indexed(group: LaneGroup, from: number, limit: number): Promise<Indexed[]> {
    const index = redisKey(prefix, 'laneIndex', group.direction, group.account)
    const pairs = (await redis.zrange(index, from, String(from + limit - 1), 'WITHSCORES')).flat()
    return pairs.flatMap((name, nth) =>
      nth % 2 === 0 ? [{ lane: laneOf(name), oldest: Number(pairs[nth + 1]) }] : [],
    )
  }

  async function look({ lane, oldest }: Indexed): Promise<WaitingLane> {
    const [entries, head, mark] = await Promise.all([
      lanes.size(lane),
      lanes.head(lane),
      redis.hexists(marks, laneName(lane)),
    ])
    return { lane, entries, oldest, isInHand: mark === 1, head }
  }

  /** What was worked off between two questions is gone. */
  async function lookAt(found: readonly Indexed[]): Promise<WaitingLane[]> {
    return (await Promise.all(found.map(look))).filter(({ entries }) => entries > 0)
  }

  return {
    async count(groups) {
      const [sizes, names] = await Promise.all([
        Promise.all(
          groups.map((group) =>
            redis.zcard(redisKey(prefix, 'laneIndex', group.direction, group.account)),
          ),
        ),
        redis.hkeys(marks),
      ])
      // What processes died with stands there, too, and is the name of no lane.
      const inHand = names.map(laneOf)
      return groups.map(({ account, direction }, nth) => ({
        account,
        direction,
        lanes: sizes[nth] ?? 0,
        inHand: inHand.filter((lane) => lane.account === account && lane.direction === direction)
          .length,
      }))
    },

    async oldest(groups, limit) {
      const found = (await Promise.all(groups.map((group) => indexed(group, 0, limit)))).flat()
      return lookAt(found.sort((a, b) => a.oldest - b.oldest).slice(0, limit))
    },

    page: async (group, from, limit) => lookAt(await indexed(group, from, limit)),
  }
}
