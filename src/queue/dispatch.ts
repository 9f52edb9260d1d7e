import type { Clock } from '../kernel/clock.ts'
import type { AccountId } from '../kernel/ids.ts'
import { type Direction, type Lane, laneName, type NewEntry } from './entry.ts'
import type { LaneWorker } from './lane-worker.ts'
import type { Lanes } from './lanes.ts'

export type Dispatch = {
  /**
   * Durable when it resolves; the lanes' workers are told afterwards. A crash in between loses nothing, since a
   * sweep finds lanes that hold something.
   */
  post(entries: NewEntry[]): Promise<void>
  /** Begins to look at every lane of an account again, also those that wait for a retry. */
  wake(account: AccountId, direction: Direction): void
}

export type DispatchOptions = {
  lanes: Lanes
  workers: Record<Direction, LaneWorker>
  clock: Clock
  onWorkerError: (error: unknown) => void
}

export function createDispatch(options: DispatchOptions): Dispatch {
  const { lanes, workers, clock, onWorkerError } = options
  return {
    async post(entries) {
      if (entries.length === 0) return
      await lanes.append(entries)
      for (const [lane, delayMs] of delays(entries, clock.now())) {
        workers[lane.direction].schedule(lane, { delayMs }).catch(onWorkerError)
      }
      for (const { lane, urgent } of entries) {
        if (urgent) workers[lane.direction].schedule(lane, { now: true }).catch(onWorkerError)
      }
    },
    wake(account, direction) {
      workers[direction].sweep([account], { now: true })
    },
  }
}

/** Each lane once, with the shortest wait any of its new entries asks for. */
function delays(entries: NewEntry[], now: number): [Lane, number][] {
  const byName = new Map<string, [Lane, number]>()
  for (const { lane, receivedAt, settleMs } of entries) {
    const delay = settleMs === undefined ? 0 : Math.max(0, receivedAt + settleMs - now)
    const known = byName.get(laneName(lane))
    byName.set(laneName(lane), [lane, Math.min(delay, known?.[1] ?? delay)])
  }
  return [...byName.values()]
}
