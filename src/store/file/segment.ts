import { Low } from 'lowdb'
import { removeDurably } from './durable-file.ts'
import { decodeEntry, erasedLine } from './entry.ts'
import { createSegmentFile, type SegmentFileOptions } from './segment-file.ts'

/** Up to a thousand entries in one file. Open, it takes entries and is written anew; sealed, it is read only. */
export type Segment = {
  readonly number: number
  /** How many lines it holds, live, outdated and tombstones. */
  size(): number
  /** When its newest entry was written, in milliseconds since 1970. */
  newest(): number
  /** True while it holds something that is not on disk. */
  dirty(): boolean
  /** Puts a line in, in the place of an older one of the same id, and tells its position. */
  put(id: string, line: string, at: number): number
  line(position: number): string
  /** Empties every line of these ids, also in a sealed segment. True when there was one; `write` brings it to disk. */
  erase(ids: ReadonlySet<string>): boolean
  write(): Promise<void>
  /** Packs the lines into one buffer outside the garbage-collected heap. */
  seal(): void
  remove(): Promise<void>
}

/** A segment that is not on disk yet. */
export function createSegment(options: SegmentFileOptions, number: number): Segment {
  return segmentOf(new Low(createSegmentFile(options), []), options.path, number)
}

/** Reads a segment from disk, open. */
export async function loadSegment(options: SegmentFileOptions, number: number): Promise<Segment> {
  const low = new Low<string[]>(createSegmentFile(options), [])
  await low.read()
  return segmentOf(low, options.path, number)
}

function segmentOf(low: Low<string[]>, path: string, number: number): Segment {
  const positions = new Map<string, number>()
  let newest = 0
  let packed: Packed | undefined
  let changes = 0
  let written = 0

  low.data.forEach((line, position) => {
    const { id, at } = decodeEntry(line)
    positions.set(id, position)
    newest = Math.max(newest, at)
  })

  return {
    number,
    size: () => packed?.size ?? low.data.length,
    newest: () => newest,
    dirty: () => changes > written,
    put: (id, line, at) => {
      const position = positions.get(id) ?? low.data.length
      positions.set(id, position)
      low.data[position] = line
      newest = Math.max(newest, at)
      changes += 1
      return position
    },
    line: (position) => (packed === undefined ? (low.data[position] ?? '') : packed.line(position)),
    erase: (ids) => {
      const lines = packed === undefined ? low.data : packed.lines()
      const kept = lines.map((line) => (ids.has(decodeEntry(line).id) ? erasedLine(line) : line))
      if (kept.every((line, position) => line === lines[position])) return false
      for (const id of ids) positions.delete(id)
      low.data = kept
      packed = undefined
      changes += 1
      return true
    },
    write: async () => {
      // The adapter makes the file's text before it first awaits, so changes from now on are not in it.
      const included = changes
      await low.write()
      written = included
    },
    seal: () => {
      packed = pack(low.data)
      low.data = []
      positions.clear()
    },
    remove: () => removeDurably(path),
  }
}

type Packed = { size: number; line(position: number): string; lines(): string[] }

function pack(lines: string[]): Packed {
  const bytes = Buffer.from(lines.join(''))
  const ends = new Uint32Array(lines.length)
  let end = 0
  lines.forEach((line, position) => {
    end += Buffer.byteLength(line)
    ends[position] = end
  })
  const line = (position: number) => bytes.toString('utf8', ends[position - 1] ?? 0, ends[position])
  return {
    size: ends.length,
    line,
    lines: () => Array.from(ends, (_, position) => line(position)),
  }
}
