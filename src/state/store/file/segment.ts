import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Adapter, Low } from 'lowdb'
import { z } from 'zod'
import {
  removeDurably,
  systemCode,
  UNFINISHED,
  writeDurably,
} from '../../../kernel/durable-file.ts'
import { ConfigError } from '../../../kernel/errors.ts'
import { checksum, parseJson } from '../../../kernel/text.ts'
import {
  keepDamagedLines,
  MOST_BYTES,
  moveAside,
  type OnSetAside,
} from '../../set-aside/set-aside.ts'
import type { Ref } from './ref-table.ts'

/** Up to a thousand entries in one file. Open, it takes entries and is written anew; sealed, it is read only. */
type Segment = {
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

/** One version of one id, as the segments hold it. */
export type Entry<T> = {
  id: string
  /** Counts up with every new id and stays with it: the order of `findBy`. */
  seq: number
  /** Milliseconds since 1970 when this version was written: what retention goes by. */
  at: number
  /** `null` says that the id was deleted. */
  value: T | null
}

/** The entry as one line of JSON: `[id, seq, at, value]`. */
export function encodeEntry(entry: Entry<unknown>): string {
  return JSON.stringify([entry.id, entry.seq, entry.at, entry.value])
}

/**
 * The entry of a line that {@link encodeEntry} made; a fresh copy each time. The value's type is trusted: the
 * file's version says which release wrote it, and whoever opened the file has checked the rest.
 */
export function decodeEntry<T>(line: string): Entry<T> {
  const [id, seq, at, value] = JSON.parse(line) as [string, number, number, T | null]
  return { id, seq, at, value }
}

/** What stands in the place of an entry that was erased: it has no id, and its number no entry has. */
function erasedLine(line: string): string {
  return encodeEntry({ id: '', seq: 0, at: decodeEntry(line).at, value: null })
}

export function isErased({ seq }: Pick<Entry<unknown>, 'seq'>): boolean {
  return seq === 0
}

/** Version of the file format: 2 has a checksum with each entry. */
const VERSION = 2

/** Most entries a segment may hold: a position takes ten bits of a ref. */
const MOST_ENTRIES = 1024

type SegmentFileOptions = {
  path: string
  /** Whether a value may stand in this collection; `null` for a deleted one. */
  isValue: (value: unknown) => boolean
  /** Told what could not be read and was set aside. */
  onSetAside: OnSetAside
  /** Something is missing from now on that was written before this moment, ms since 1970. Durable once resolved. */
  onLost?: (before: number) => Promise<void>
}

/**
 * lowdb adapter for one segment: its data are lines of JSON (`entry.ts`), the file is one JSON object with an
 * entry and its checksum per line. Writing is atomic and durable.
 *
 * A line that is not as it was written goes into a file beside this one, and the rest is read.
 *
 * @throws ConfigError from `read` when a newer release wrote the file, or the bridge may not read it.
 */
function createSegmentFile(options: SegmentFileOptions): Adapter<string[]> {
  const { path, onSetAside, onLost = async () => {} } = options
  const write = (lines: string[]): Promise<void> => writeDurably(path, segmentText(lines))
  return {
    write,
    read: async () => {
      const before = await writtenAt(path)
      const text = await readText(path)
      if (text === null) return null
      if (text === undefined) {
        await onLost(before)
        await moveAside(path)
        onSetAside({ what: 'store', where: path, count: 1 })
        return null
      }
      const { lines, damaged } = readLines(options, text)
      const [first] = damaged
      if (first === undefined) return lines
      await keepDamagedLines(
        path,
        damaged.map(({ text }) => Buffer.from(text)),
      )
      await onLost(before)
      // Only then without them: whatever comes between, they are in one of both.
      await write(lines)
      const { number: line } = first
      onSetAside({ what: 'store', where: path, line, count: damaged.length })
      return lines
    },
  }
}

function segmentText(lines: readonly string[]): string {
  const entries = lines.map((line) => `["${checksum(line)}",${line}]`)
  return `{"version":${VERSION},"entries":[\n${entries.join(',\n')}\n]}\n`
}

/** `null` when there is no such file, `undefined` when it cannot be read as one. */
async function readText(path: string): Promise<string | null | undefined> {
  try {
    const file = await stat(path)
    return file.isFile() && file.size <= MOST_BYTES ? await readFile(path, 'utf8') : undefined
  } catch (cause) {
    const code = systemCode(cause)
    if (code === 'ENOENT') return null
    // The disk has lost it.
    if (code === 'EIO') return undefined
    throw new ConfigError(`${path} cannot be read: ${code}. Give the bridge's user access to it.`, {
      code: 'store.segment_unreadable',
      context: { file: path, system: code },
      cause,
    })
  }
}

/** ms since 1970; now for a file that is not there, or says that it was written later. */
async function writtenAt(path: string): Promise<number> {
  const now = Date.now()
  const file = await stat(path).catch(() => undefined)
  return Math.min(now, file?.mtimeMs ?? now)
}

type Row = { number: number; text: string }
type Lines = { lines: string[]; damaged: Row[] }

const HEAD = /^\{"version":\d{1,9},"entries":\[$/
const TOLD = /^\{"version":(\d{1,9})\b/
const FOOT = ']}'
const isFrame = (row: string) => row === '' || row === FOOT || HEAD.test(row)
const SUMMED = /^\["([0-9a-f]{8})",(.*)\]$/

/** One entry per line, so that what is wrong with one says nothing of the others. */
function readLines({ path, isValue }: SegmentFileOptions, text: string): Lines {
  const rows = inLines(text)
    .split('\n')
    .map((row, index): Row => ({ number: index + 1, text: row }))
  const version = versionOf(rows)
  if (version !== undefined && version > VERSION) throw tooNew(path, version)
  const result: Lines = { lines: [], damaged: [] }
  for (const row of rows.filter(({ text }) => !isFrame(text))) {
    const line = entryLine(row.text.replace(/,$/, ''), version)
    const isKept = line !== undefined && isEntry(line, isValue)
    if (isKept && result.lines.length < MOST_ENTRIES) result.lines.push(line)
    else result.damaged.push(row)
  }
  const isCut = !rows.some((row) => row.text === FOOT)
  // Whether a whole line is missing there nobody can tell.
  if (isCut && result.damaged.length === 0) result.damaged.push({ number: rows.length, text: '' })
  return result
}

const formattedSchema = z.looseObject({ version: z.number(), entries: z.array(z.unknown()) })

/** Laid out as the bridge does it, also when somebody has formatted it. */
function inLines(text: string): string {
  if (HEAD.test(text.slice(0, text.indexOf('\n')))) return text
  const { success, data } = formattedSchema.safeParse(parseJson(text))
  if (!success) return text
  const entries = data.entries.map((entry) => JSON.stringify(entry))
  return `{"version":${data.version},"entries":[\n${entries.join(',\n')}\n]}\n`
}

/**
 * What the first line says; `undefined` when that is damaged. Lines with the checksums of this version tell more than a
 * number that may have been changed by accident.
 */
function versionOf(rows: readonly Row[]): number | undefined {
  const [, told] = TOLD.exec(rows[0]?.text ?? '') ?? []
  const version = told === undefined ? undefined : Number(told)
  if (version === undefined || version <= VERSION) return version
  return rows.some(({ text }) => isSummed(text.replace(/,$/, ''))) ? VERSION : version
}

function isSummed(row: string): boolean {
  const [, sum, line] = SUMMED.exec(row) ?? []
  return line !== undefined && checksum(line) === sum
}

/** The entry's own text, if it is as it was written. Version 1 had no checksums. */
function entryLine(row: string, version: number | undefined): string | undefined {
  if (isSummed(row)) return SUMMED.exec(row)?.[2]
  return version === 1 || version === undefined ? row : undefined
}

const entrySchema = z.tuple([z.string(), z.number(), z.number(), z.unknown()])

function isEntry(line: string, isValue: (value: unknown) => boolean): boolean {
  const { success, data } = entrySchema.safeParse(parseJson(line))
  return success && (data[3] === null || isValue(data[3]))
}

function tooNew(path: string, version: number): ConfigError {
  return new ConfigError(
    `${path} has format ${version}; this release knows format ${VERSION}. ` +
      'A newer bridge wrote it: start that release again.',
    { code: 'store.segment_too_new', context: { file: path, version } },
  )
}

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
