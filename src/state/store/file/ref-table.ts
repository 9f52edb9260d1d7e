/** Where an entry lies: the number `segment.ts` made of segment and position. Below 2^32 - 2. */
export type Ref = number

/**
 * Hashes and the refs filed under them; one hash may have many refs, and a caller compares what they lead to.
 *
 * A JavaScript `Map` of a million keys stops the event loop when it grows, and again whenever the garbage
 * collector walks it. These tables are typed arrays the collector never looks into, in shards so small that
 * growing one takes well under a millisecond.
 */
export type RefTable = {
  add(hash: number, ref: Ref): void
  remove(hash: number, ref: Ref): void
  refs(hash: number): Ref[]
}

const SHARD_SHIFT = 24
const SMALLEST = 8
const EMPTY = 0
const GONE = 0xffff_ffff

/** Makes an empty table; it grows as needed. */
export function createRefTable(): RefTable {
  const shards: RefTable[] = []
  const shardOf = (hash: number): RefTable => {
    const number = hash >>> SHARD_SHIFT
    shards[number] ??= createShard()
    return shards[number]
  }
  return {
    add: (hash, ref) => shardOf(hash).add(hash, ref),
    remove: (hash, ref) => shardOf(hash).remove(hash, ref),
    refs: (hash) => shardOf(hash).refs(hash),
  }
}

/** Open addressing with linear probing. A cell is two numbers, the hash and `ref + 1`. */
function createShard(): RefTable {
  let cells = new Uint32Array(2 * SMALLEST)
  let live = 0
  let used = 0

  const next = (cell: number): number => (cell + 2 === cells.length ? 0 : cell + 2)
  const home = (hash: number): number => 2 * (hash & (cells.length / 2 - 1))
  const content = (cell: number): number => cells[cell + 1] ?? EMPTY

  function place(hash: number, stored: number): void {
    let cell = home(hash)
    while (content(cell) !== EMPTY && content(cell) !== GONE) cell = next(cell)
    if (content(cell) === EMPTY) used += 1
    cells[cell] = hash
    cells[cell + 1] = stored
    live += 1
  }

  function rebuild(): void {
    const old = cells
    let size = SMALLEST
    while (size < 2 * (live + 1)) size *= 2
    cells = new Uint32Array(2 * size)
    live = 0
    used = 0
    for (let cell = 0; cell < old.length; cell += 2) {
      const stored = old[cell + 1] ?? EMPTY
      if (stored !== EMPTY && stored !== GONE) place(old[cell] ?? 0, stored)
    }
  }

  return {
    add: (hash, ref) => {
      if (3 * (used + 1) > cells.length) rebuild()
      place(hash, ref + 1)
    },
    remove: (hash, ref) => {
      for (let cell = home(hash); content(cell) !== EMPTY; cell = next(cell)) {
        if (cells[cell] !== hash || content(cell) !== ref + 1) continue
        cells[cell + 1] = GONE
        live -= 1
        return
      }
    },
    refs: (hash) => {
      const found: Ref[] = []
      for (let cell = home(hash); content(cell) !== EMPTY; cell = next(cell)) {
        if (cells[cell] === hash && content(cell) !== GONE) found.push(content(cell) - 1)
      }
      return found
    },
  }
}
