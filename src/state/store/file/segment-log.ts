import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { UNFINISHED } from '../../../kernel/durable-file.ts'
import type { Ref } from './ref-table.ts'
import {
  createSegment,
  loadSegment,
  MOST_ENTRIES,
  type Segment,
  type SegmentFileOptions,
} from './segment.ts'

/** The segments of one folder, oldest first. Only the newest takes entries; older ones go as whole files. */
export type SegmentLog = {
  /** Reads the folder, one segment after the other, and gives the refs of each. To be called once, first. */
  load(): AsyncGenerator<Ref[]>
  /** Adds a line, in memory; `flush` makes it durable. `at` is when it was written. */
  append(id: string, line: string, at: number): Ref
  line(ref: Ref): string
  /** Lines in all segments, live or not. */
  size(): number
  dirty(): boolean
  /** Writes what is not on disk yet; true when a segment became full by it. */
  flush(): Promise<boolean>
  /** The oldest segment, unless it still takes entries. */
  oldest(): Segment | undefined
  /** The first segment with a higher number than this; `undefined` after the newest. */
  after(number: number): Segment | undefined
  refs(segment: Segment): Ref[]
  /** Empties every line of these ids, in memory; `flush` makes it durable, the oldest version of each first. */
  erase(ids: ReadonlySet<string>): void
  /** Deletes a segment and its file. Nothing may lead to it any more. */
  drop(segment: Segment): Promise<void>
}

export type SegmentLogOptions = Omit<SegmentFileOptions, 'path'> & {
  dir: string
  /** A new segment starts when the newest holds this many, at most `MOST_ENTRIES`. */
  segmentEntries: number
}

/** Makes the log of a folder, still empty: `load` reads what is there. */
export function createSegmentLog(options: SegmentLogOptions): SegmentLog {
  const { dir, segmentEntries } = options
  const fileOf = (number: number) => ({ ...options, path: pathOf(dir, number) })
  const shelf = createShelf()
  // Sealed segments are clean for good, so a flush need not look at them, however many there are.
  const open: Segment[] = []

  function add(segment: Segment): Segment {
    open.push(segment)
    shelf.add(segment)
    return segment
  }

  function seal(segments: Segment[]): void {
    for (const segment of segments) {
      segment.seal()
      open.splice(open.indexOf(segment), 1)
    }
  }

  function current(): Segment {
    const last = shelf.inOrder.at(-1)
    if (last !== undefined && last.size() < segmentEntries) return last
    const number = (last?.number ?? 0) + 1
    return add(createSegment(fileOf(number), number))
  }

  return {
    load: async function* () {
      for (const number of await segmentNumbers(dir)) {
        const segment = await loadSegment(fileOf(number), number)
        seal([...open])
        yield shelf.refs(add(segment))
      }
    },
    append: (id, line, at) => {
      const segment = current()
      return shelf.refOf(segment, segment.put(id, line, at))
    },
    line: shelf.line,
    size: () => shelf.inOrder.reduce((sum, segment) => sum + segment.size(), 0),
    dirty: () => open.some((segment) => segment.dirty()),
    flush: async () => {
      const dirty = open.filter((one) => one.dirty()).sort((a, b) => a.number - b.number)
      for (const segment of dirty) await segment.write()
      const newest = shelf.inOrder.at(-1)
      const full = open.filter(
        (one) => !one.dirty() && (one !== newest || one.size() >= segmentEntries),
      )
      seal(full)
      return full.length > 0
    },
    oldest: () => {
      const [oldest, newer] = shelf.inOrder
      return oldest === undefined || newer === undefined || open.includes(oldest)
        ? undefined
        : oldest
    },
    after: (number) => shelf.inOrder.find((segment) => segment.number > number),
    refs: shelf.refs,
    erase: (ids) => {
      for (const segment of shelf.inOrder) {
        if (segment.erase(ids) && !open.includes(segment)) open.push(segment)
      }
    },
    drop: async (segment) => {
      await segment.remove()
      shelf.remove(segment)
    },
  }
}

function pathOf(dir: string, number: number): string {
  return join(dir, `${String(number).padStart(8, '0')}.json`)
}

/** Numbers of the segments in a folder, oldest first. Clears what a killed process left half-written. */
async function segmentNumbers(dir: string): Promise<number[]> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const names = await readdir(dir)
  for (const name of names) if (name.endsWith(UNFINISHED)) await rm(join(dir, name))
  return names
    .filter((name) => /^\d+\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b)
}

/** The segments in memory, each in a numbered place. A ref is place and position in one number. */
type Shelf = {
  /** Oldest first. */
  readonly inOrder: readonly Segment[]
  /** Puts the newest segment in the first free place. */
  add(segment: Segment): void
  remove(segment: Segment): void
  refOf(segment: Segment, position: number): Ref
  /** Refs of all positions of a segment. */
  refs(segment: Segment): Ref[]
  line(ref: Ref): string
}

/** Makes an empty shelf. */
function createShelf(): Shelf {
  const places: (Segment | undefined)[] = []
  const inOrder: Segment[] = []
  const refOf = (place: number, position: number): Ref => place * MOST_ENTRIES + position

  return {
    inOrder,
    add: (segment) => {
      const free = places.indexOf(undefined)
      places[free === -1 ? places.length : free] = segment
      inOrder.push(segment)
    },
    remove: (segment) => {
      places[places.indexOf(segment)] = undefined
      inOrder.splice(inOrder.indexOf(segment), 1)
    },
    // From the end: the segment that takes entries is nearly always in the last place.
    refOf: (segment, position) => refOf(places.lastIndexOf(segment), position),
    refs: (segment) => {
      const place = places.indexOf(segment)
      return Array.from({ length: segment.size() }, (_, position) => refOf(place, position))
    },
    line: (ref) => {
      const segment = places[Math.floor(ref / MOST_ENTRIES)]
      if (segment === undefined) throw new Error(`No segment holds the entry ${ref}.`)
      return segment.line(ref % MOST_ENTRIES)
    },
  }
}
