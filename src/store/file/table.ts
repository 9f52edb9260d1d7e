import type { Indexes } from '../keys.ts'
import { decodeEntry, type Entry } from './entry.ts'
import { createHash } from './hash.ts'
import { createRefTable, type Ref, type RefTable } from './ref-table.ts'

/** An entry and where it lies. */
export type Found<T> = { ref: Ref; entry: Entry<T> }

/** Which ref is the live version of an id, and which ids have a secondary key. In memory only. */
export type Table<T> = {
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
export function createTable<T>(indexes: Indexes<T, string>, line: (ref: Ref) => string): Table<T> {
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
