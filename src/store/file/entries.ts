import type { Indexes } from '../keys.ts'
import { decodeEntry, type Entry, encodeEntry } from './entry.ts'
import type { Ref } from './ref-table.ts'
import type { SegmentLog } from './segment-log.ts'
import { createTable, type Found, type Table } from './table.ts'

/** The entries of one collection as they are now, in memory; the log is told of every change. */
export type Entries<T> = {
  get(id: string): T | undefined
  findBy(index: string, key: string): T[]
  count(): number
  /** Sets a value, or with `null` leaves a tombstone. `now` in milliseconds since 1970. */
  write(id: string, value: T | null, now: number): void
  /** The entry at `ref`, if it is the live version of its id. */
  liveAt(ref: Ref): Found<T> | undefined
  /** Takes an entry out without a trace in the log: its segment is about to go. */
  forget(found: Found<T>): void
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

  return {
    get: (id) => table.find(id)?.entry.value ?? undefined,
    findBy: (index, key) => table.findBy(index, key),
    count: table.count,
    write: (id, value, now) => {
      const old = table.find(id)
      if (old === undefined) lastSeq += 1
      store(old, { id, seq: old?.entry.seq ?? lastSeq, at: now, value })
    },
    liveAt: (ref) => {
      const found = table.find(decodeEntry(log.line(ref)).id)
      return found?.ref === ref ? found : undefined
    },
    forget: table.remove,
    rewrite: (found) => store(found, found.entry),
  }
}

/** Files the new version of an id instead of the old one. */
function replace<T>(table: Table<T>, old: Found<T> | undefined, fresh: Found<T>): void {
  if (old !== undefined) table.remove(old)
  if (fresh.entry.value !== null) table.add(fresh)
}
