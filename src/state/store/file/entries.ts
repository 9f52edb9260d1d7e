import { randomInt } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Indexes } from '../keys.ts'
import { createRefTable, type Ref, type RefTable } from './ref-table.ts'
import { decodeEntry, type Entry, encodeEntry, isErased, type SegmentLog } from './segment.ts'

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

/** A 32-bit unsigned hash of a text. */
type Hash = (text: string) => number

/**
 * Makes a hash (MurmurHash2's mixing, over UTF-16 units). The seed is random, because message ids are chosen
 * by the sender's phone: nobody outside can prepare ids that all land in one place.
 */
export function createHash(seed: number = randomInt(2 ** 32)): Hash {
  return (text) => {
    let hash = seed ^ text.length
    for (let i = 0; i < text.length; i += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x5bd1e995)
      hash ^= hash >>> 15
    }
    hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b)
    return (hash ^ (hash >>> 16)) >>> 0
  }
}

/** An entry and where it lies. */
type Found<T> = { ref: Ref; entry: Entry<T> }

/** Which ref is the live version of an id, and which ids have a secondary key. In memory only. */
type Table<T> = {
  find(id: string): Found<T> | undefined
  /** Live values with that secondary key, the one whose id was put first at the front. */
  findBy(index: string, key: string): T[]
  /** Files a live entry under its id and its secondary keys. */
  add(found: Found<T>): void
  /** Takes an entry out; its line must still say what it said when it was added. */
  remove(found: Found<T>): void
  count(): number
}

/**
 * Makes the look-up tables of one collection. They hold hashes and refs, so every find is checked against
 * the line itself, which `line` fetches.
 */
function createTable<T>(indexes: Indexes<T, string>, line: (ref: Ref) => string): Table<T> {
  const hash = createHash()
  const byId = createRefTable()
  const byKey = new Map<string, RefTable>(
    Object.keys(indexes).map((index) => [index, createRefTable()]),
  )
  let count = 0

  const read = (ref: Ref): Found<T> => ({ ref, entry: decodeEntry<T>(line(ref)) })

  function eachKey({ entry }: Found<T>, visit: (table: RefTable, hash: number) => void): void {
    visit(byId, hash(entry.id))
    for (const [index, table] of byKey) {
      const key = keyOf(indexes, index, entry.value)
      if (key !== undefined) visit(table, hash(key))
    }
  }

  return {
    find: (id) =>
      byId
        .refs(hash(id))
        .map(read)
        .find(({ entry }) => entry.id === id),
    findBy: (index, key) =>
      (byKey.get(index)?.refs(hash(key)) ?? [])
        .map((ref) => read(ref).entry)
        .filter((entry) => keyOf(indexes, index, entry.value) === key)
        .sort((a, b) => a.seq - b.seq)
        .flatMap(({ value }) => (value === null ? [] : [value])),
    add: (found) => {
      eachKey(found, (table, at) => table.add(at, found.ref))
      count += 1
    },
    remove: (found) => {
      eachKey(found, (table, at) => table.remove(at, found.ref))
      count -= 1
    },
    count: () => count,
  }
}

function keyOf<T>(indexes: Indexes<T, string>, index: string, value: T | null): string | undefined {
  return value === null ? undefined : indexes[index]?.(value)
}
