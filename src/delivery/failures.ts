import type { Redis } from 'ioredis'
import { BridgeError } from '../errors.ts'
import type { AccountId } from '../ids.ts'
import { type Direction, type Entry, type Lane, laneName } from './lanes.ts'

/** An entry that was given up, with all that is needed to try it again. */
export type Failure = {
  id: string
  account: AccountId
  direction: Direction
  lane: string
  /** Stable reason, e.g. `chatwoot.invalid`. */
  code: string
  /** Safe to show: no text, no number, no secret. */
  message: string
  /** ms since 1970. */
  failedAt: number
  entry: Entry
}

/** The dead letters: what was given up waits here until an admin retries or discards it. */
export type Failures = {
  /** Durable once resolved. */
  add(lane: Lane, entry: Entry, error: unknown, failedAt: number): Promise<Failure>
  /** Newest first. */
  list(account: AccountId): Promise<Failure[]>
  count(account: AccountId, direction: Direction): Promise<number>
}

export function createFailures({ redis, prefix }: { redis: Redis; prefix: string }): Failures {
  const key = (account: AccountId) => `${prefix}failures:${account}`

  async function list(account: AccountId): Promise<Failure[]> {
    const stored = await redis.hvals(key(account))
    return stored.map((json) => JSON.parse(json) as Failure).sort((a, b) => b.failedAt - a.failedAt)
  }

  return {
    list,
    async add(lane, entry, error, failedAt) {
      const failure: Failure = {
        id: `${lane.account}.${entry.id}`,
        account: lane.account,
        direction: lane.direction,
        lane: laneName(lane),
        code: error instanceof BridgeError ? error.code : 'bridge.unexpected',
        message: error instanceof BridgeError ? error.message : 'Unexpected error, see the log.',
        failedAt,
        entry,
      }
      await redis.hset(key(lane.account), failure.id, JSON.stringify(failure))
      return failure
    },
    async count(account, direction) {
      return (await list(account)).filter((failure) => failure.direction === direction).length
    },
  }
}
