import { setImmediate as nextTurn } from 'node:timers/promises'
import { createGroupFlush } from '../../../kernel/async.ts'
import { systemCode } from '../../../kernel/durable-file.ts'
import { BridgeError, TransientError } from '../../../kernel/errors.ts'
import type { Indexes } from '../keys.ts'
import type { Collection } from '../types.ts'
import { type Entries, loadEntries } from './entries.ts'
import type { Ref } from './ref-table.ts'
import { createSegmentLog, type SegmentLog, type SegmentLogOptions } from './segment.ts'

export type FileCollection<T> = Collection<T> & {
  flush(): Promise<void>
  close(): Promise<void>
}

/** `dir` is the folder of this collection alone. */
export type FileCollectionOptions<T> = SegmentLogOptions & {
  indexes: Indexes<T, string>
  /** Entries go when their last version is older; never when absent. */
  maxAgeMs?: number
  now(): number
  /** Rejects when this process may not write to the folder any more. Asked before every write. */
  guard(): Promise<void>
  /** Told when clearing up failed, which no caller would hear of. It is tried again later. */
  onError(error: BridgeError): void
}

/**
 * Reads a folder of segments and serves it as a collection.
 *
 * A change is visible at once and its promise resolves when it is on disk. When the disk refuses, every
 * waiting promise rejects with a `TransientError` and the change stays in memory, to be written by the next
 * flush: who was told "failed" may simply repeat it, and who was told "done" was told the truth.
 */
export async function openFileCollection<T>(
  options: FileCollectionOptions<T>,
): Promise<FileCollection<T>> {
  const log = createSegmentLog(options)
  const entries = await loadEntries(log, options.indexes)
  const flusher = createGroupFlush(writeAll)
  let closed = false
  let cleaning: Promise<void> | undefined = clean()

  async function writeAll(): Promise<void> {
    try {
      await options.guard()
      if (await log.flush()) cleaning ??= clean()
    } catch (cause) {
      throw writeFailed(options.dir, cause)
    }
  }

  async function clean(): Promise<void> {
    try {
      await reclaim({
        log,
        entries,
        maxAgeMs: options.maxAgeMs,
        slack: 2 * options.segmentEntries,
        now: options.now,
        flush: flusher.request,
        stopped: () => closed,
      })
    } catch (cause) {
      options.onError(writeFailed(options.dir, cause))
    } finally {
      cleaning = undefined
    }
  }

  const durable = (): Promise<void> => (log.dirty() ? flusher.request() : Promise.resolve())
  const write = (id: string, value: T | null): Promise<void> => {
    entries.write(id, value, options.now())
    return flusher.request()
  }
  const ensureOpen = (): void => {
    if (closed) throw new TransientError('The store is closing.', { code: 'store.closed' })
  }

  return {
    get: async (id) => entries.get(id),
    put: async (id, value) => {
      ensureOpen()
      await write(id, value)
    },
    update: async (id, change) => {
      ensureOpen()
      const current = entries.get(id)
      const next = change(current)
      await (next === undefined ? durable() : write(id, next))
      return next ?? current
    },
    delete: async (id, when = () => true) => {
      ensureOpen()
      const current = entries.get(id)
      await (current !== undefined && when(current) ? write(id, null) : durable())
    },
    findBy: async (index, key) => entries.findBy(index, key),
    count: async () => entries.count(),
    all: entries.all,
    erase: async (ids) => {
      ensureOpen()
      // Nobody clears up meanwhile: a line that moves could come to stand where it was looked for already.
      await cleaning
      entries.erase(ids)
      await durable()
    },
    flush: durable,
    close: async () => {
      closed = true
      await cleaning
      await durable()
    },
  }
}

function writeFailed(dir: string, cause: unknown): BridgeError {
  if (cause instanceof BridgeError) return cause
  const code = systemCode(cause)
  return new TransientError(
    `The store cannot write to ${dir}: ${code}. Look at the disk's space and the folder's rights.`,
    { code: 'store.write_failed', context: { dir, system: code }, cause },
  )
}

type RetentionOptions = {
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
