import type { Redis } from 'ioredis'
import { redisKey } from '../state/redis/keys.ts'
import { runScript } from '../state/redis/script.ts'
import { type Entry, type Lane, laneName, readEntry } from './entry.ts'
import { LANE_SCRIPTS, laneKeys } from './lane-scripts.ts'

/** What it is to have an entry in hand. */
export type Begun =
  | { is: 'entry'; entry: Entry; died: Deaths }
  | { is: 'suspected'; died: Deaths }
  /** A newer release wrote it, and has to handle it. */
  | { is: 'newer'; id: string }
  | { is: 'damaged'; id: string; text: string }

/**
 * How often a process died with the entry in hand, whether it had nothing else in hand the last time, and whether it ever
 * had something else.
 */
export type Deaths = { times: number; isAlone: boolean; wasBeside: boolean }

/**
 * Which entries are in hand, in Redis, so that it is known after the process has died. A turn ends with `leave`, or with
 * the entry being saved or removed.
 */
export type TurnMarks = {
  /**
   * Takes the first entry in hand, which is durable once resolved; `undefined` when there is none. One that processes died
   * with is taken in hand only when it is to be the only one (`isAlone`), and is `suspected` otherwise.
   */
  begin(lane: Lane, isAlone: boolean): Promise<Begun | undefined>
  /** The turn is over, and nothing about the entry has changed. */
  leave(lane: Lane, id: string): Promise<void>
  /** The process lives on with what it has in hand: a death from now on has not come from beginning that. */
  outlived(): Promise<void>
  /** The process ends in good order: what it has in hand has nothing to do with that. */
  leaveAll(): Promise<void>
}

export type TurnMarksOptions = {
  redis: Redis
  prefix: string
  /** Names this process among all that ever worked on this Redis. */
  run: string
  /** Whether other processes may work on it now; `living.ts` says which of them live. */
  isShared: boolean
}

/** So many deaths make an entry suspected: one is an accident that it had nothing to do with. */
const SUSPECTED_DEATHS = 2

export function createTurnMarks({ redis, prefix, run, isShared }: TurnMarksOptions): TurnMarks {
  const inHand = redisKey(prefix, 'inHand')
  const living = isShared ? redisKey(prefix, 'living', '') : ''
  let isLeaving = false

  return {
    async begin(lane, isAlone) {
      const [order, entries] = laneKeys(prefix, lane)
      const enough = isAlone ? Number.MAX_SAFE_INTEGER : SUSPECTED_DEATHS
      const found = await runScript(
        redis,
        LANE_SCRIPTS.begin,
        [order, entries, inHand],
        [laneName(lane), isLeaving ? '' : run, living, enough],
      )
      if (found === null) return undefined
      const [id, body, times, alone, beside] = found
      const died = { times, isAlone: alone === 1, wasBeside: beside === 1 }
      if (times >= enough) return { is: 'suspected', died }
      const text = body ?? ''
      const stored = readEntry(id, text)
      return stored.is === 'entry' ? { ...stored, died } : { ...stored, id, text }
    },

    async leave(lane, id) {
      await runScript(redis, LANE_SCRIPTS.leave, [inHand], [laneName(lane), id])
    },

    async outlived() {
      // As if something else was in hand, which no lane is called.
      if (!isLeaving) await redis.hset(inHand, '', `${run} outlived`)
    },

    async leaveAll() {
      isLeaving = true
      await runScript(redis, LANE_SCRIPTS.leaveAll, [inHand], [run])
    },
  }
}
