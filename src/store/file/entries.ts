import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Indexes } from '../keys.ts'
import { decodeEntry, type Entry, encodeEntry, isErased } from './entry.ts'
import type { Ref } from './ref-table.ts'
import type { SegmentLog } from './segment-log.ts'
import { createTable, type Found, type Table } from './table.ts'

/** The entries of one collection as they are now, in memory; the log is told of every change. */
export type Entries<T> = {
  get(id: string): T | undefined
  findBy(index: string, key: string): T[]
  count(): number
  /** All live values; the event loop goes on between two segments. */
  all(): AsyncIterable<{ id: string; value: T }>
  /** Sets a value, or with `null` leaves a tombstone. `now` in milliseconds since 1970. */
  write(id: string, value: T | null, now: number): void
  /** The entry at `ref`, if it is the live version of its id. */
  liveAt(ref: Ref): Found<T> | undefined
  /** Takes an entry out without a trace in the log: its segment is about to go. */
  forget(found: Found<T>): void
  /** Takes these ids out and empties all their lines. */
  erase(ids: ReadonlySet<string>): void
  /** Writes a live entry once more, as it is, at the end of the log. */
  rewrite(found: Found<T>): void
}

/** Reads the log; the latest version of an id wins. The event loop goes on between two segments. */
export async function loadEntries<T>(
  log: SegmentLog,
  indexes: Indexes<T, string>,
): Promise<Entries<T>> {
  const table = createTable(indexes, log.line)
  let lastSeq = 0
  for await (const refs of log.load()) {
    for (const ref of refs) {
      const entry = decodeEntry<T>(log.line(ref))
      if (isErased(entry)) continue
      replace(table, table.find(entry.id), { ref, entry })
      lastSeq = Math.max(lastSeq, entry.seq)
    }
  }
  return entriesOf(log, table, lastSeq)
}

function entriesOf<T>(log: SegmentLog, table: Table<T>, start: number): Entries<T> {
  let lastSeq = start

  function store(old: Found<T> | undefined, entry: Entry<T>): void {
    const ref = log.append(entry.id, encodeEntry(entry), entry.at)
    replace(table, old, { ref, entry })
  }

  const liveAt = (ref: Ref): Found<T> | undefined => {
    const found = table.find(decodeEntry(log.line(ref)).id)
    return found?.ref === ref ? found : undefined
  }

  return {
    get: (id) => table.find(id)?.entry.value ?? undefined,
    findBy: (index, key) => table.findBy(index, key),
    count: table.count,
    async *all() {
      for (let segment = log.after(0); segment !== undefined; segment = log.after(segment.number)) {
        const live = log.refs(segment).flatMap((ref) => liveAt(ref)?.entry ?? [])
        for (const { id, value } of live) if (value !== null) yield { id, value }
        await nextTurn()
      }
    },
    write: (id, value, now) => {
      const old = table.find(id)
      if (old === undefined) lastSeq += 1
      store(old, { id, seq: old?.entry.seq ?? lastSeq, at: now, value })
    },
    liveAt,
    forget: table.remove,
    erase: (ids) => {
      for (const id of ids) {
        const found = table.find(id)
        if (found !== undefined) table.remove(found)
      }
      log.erase(ids)
    },
    rewrite: (found) => store(found, found.entry),
  }
}

/** Files the new version of an id instead of the old one. */
function replace<T>(table: Table<T>, old: Found<T> | undefined, fresh: Found<T>): void {
  if (old !== undefined) table.remove(old)
  if (fresh.entry.value !== null) table.add(fresh)
}
