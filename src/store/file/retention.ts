import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Entries } from './entries.ts'
import type { Ref } from './ref-table.ts'
import type { SegmentLog } from './segment-log.ts'

export type RetentionOptions = {
  log: SegmentLog
  entries: Pick<Entries<unknown>, 'count' | 'forget' | 'liveAt' | 'rewrite'>
  /** Entries whose last version is older than this are dropped, in milliseconds; never when absent. */
  maxAgeMs: number | undefined
  /** Outdated lines that are always tolerated, so that a small collection is not compacted all the time. */
  slack: number
  now(): number
  /** Makes what was rewritten durable. */
  flush(): Promise<void>
  /** True once the store is closing: the work stops between two steps. */
  stopped(): boolean
}

/** Lines handled in one go: well under 20 ms, also on a slow machine. */
const STEP = 100

/**
 * Gives space back, from the oldest segment on. Only the oldest ever goes: its tombstones have nothing left
 * to hide, and no outdated version can come back to life.
 *
 * - A segment whose newest entry is too old goes as it is, with everything in it.
 * - While more than half of all lines are outdated, the oldest segment's live entries are written once more
 *   at the end, and when they are durable the file goes. Entries keep their age by that.
 */
export async function reclaim(options: RetentionOptions): Promise<void> {
  const { log, entries, slack, stopped } = options
  const wasteful = (): boolean => log.size() > 2 * entries.count() + slack
  for (let oldest = log.oldest(); oldest !== undefined; oldest = log.oldest()) {
    const expired = isExpired(options, oldest.newest())
    if (!expired && !wasteful()) return
    await empty(options, log.refs(oldest))
    if (stopped()) return
    if (!expired) await options.flush()
    await log.drop(oldest)
  }
}

/** Moves or drops what is still live in a segment, a few lines at a time. */
async function empty(options: RetentionOptions, refs: Ref[]): Promise<void> {
  const { entries, stopped } = options
  for (let start = 0; start < refs.length && !stopped(); start += STEP) {
    for (const ref of refs.slice(start, start + STEP)) {
      const live = entries.liveAt(ref)
      if (live === undefined) continue
      if (isExpired(options, live.entry.at)) entries.forget(live)
      else entries.rewrite(live)
    }
    await nextTurn()
  }
}

function isExpired(options: RetentionOptions, at: number): boolean {
  return options.maxAgeMs !== undefined && at < options.now() - options.maxAgeMs
}
