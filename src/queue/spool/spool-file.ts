import { type FileHandle, open, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { removeDurably, syncFolder, systemCode } from '../../kernel/durable-file.ts'
import { checksum, parseJson } from '../../kernel/text.ts'
import {
  keepDamagedLines,
  MOST_BYTES,
  moveAside,
  type OnSetAside,
} from '../../state/set-aside/set-aside.ts'

/** One file of the spool: some items per line. */
export type SpoolFile<T> = {
  bytes(): number
  /** True when nothing may be written into it any more. */
  isSealed(): boolean
  /** On disk once resolved. After a failure the file is sealed: nobody knows how its last line ends. */
  write(text: string): Promise<void>
  seal(): Promise<void>
  /**
   * Hands over what was not handed over yet, some items at a time, and removes the file. What cannot be read of it is kept
   * beside it.
   */
  handOver(deliver: Deliver<T>): Promise<void>
}

/** Resolves with how many of the items it took, the first ones and one at least. */
export type Deliver<T> = (items: T[]) => Promise<number>

type SpoolFileOptions<T> = {
  path: string
  /** What an earlier process left is sealed. */
  state: 'new' | 'sealed'
  readItem: ReadItem<T>
  onSetAside: OnSetAside
}

/** Items handed over at once. */
const BATCH = 100

/** No later attempt reads such a file: something else has its name, or it belongs to somebody else. */
const UNREADABLE: ReadonlySet<string> = new Set(['EISDIR', 'EACCES', 'EPERM', 'ELOOP'])

export function createSpoolFile<T>(options: SpoolFileOptions<T>): SpoolFile<T> {
  const { path, state, readItem, onSetAside } = options
  let handle: FileHandle | undefined
  let isSealed = state === 'sealed'
  let size = 0
  let done = 0
  let isDamageTold = false

  async function seal(): Promise<void> {
    isSealed = true
    const open = handle
    handle = undefined
    await open?.close()
  }

  async function opened(): Promise<FileHandle> {
    if (handle !== undefined) return handle
    handle = await open(path, 'a', 0o600)
    await syncFolder(dirname(path))
    return handle
  }

  async function keepDamaged(damaged: readonly DamagedLine[]): Promise<void> {
    const [first] = damaged
    if (first === undefined || isDamageTold) return
    await keepDamagedLines(
      path,
      damaged.map(({ bytes }) => bytes),
    )
    isDamageTold = true
    onSetAside({ what: 'spool', where: path, line: first.number, count: damaged.length })
  }

  return {
    // One that an earlier process left is as good as full.
    bytes: () => (state === 'sealed' ? Number.POSITIVE_INFINITY : size),
    isSealed: () => isSealed,
    seal,
    async write(text) {
      try {
        const file = await opened()
        await file.appendFile(text)
        await file.sync()
        size += Buffer.byteLength(text)
      } catch (error) {
        await seal()
        throw error
      }
    },
    async handOver(deliver) {
      await seal()
      const bytes = await readBytes(path)
      if (bytes === 'unreadable') {
        await moveAside(path)
        onSetAside({ what: 'spool', where: path, count: 1 })
        return
      }
      const { items, damaged } = readLines(bytes, readItem)
      await keepDamaged(damaged)
      while (done < items.length) {
        done += await deliver(items.slice(done, done + BATCH))
      }
      await removeDurably(path)
    },
  }
}

type DamagedLine = { number: number; bytes: Buffer }

function readLines<T>(bytes: Buffer, readItem: ReadItem<T>) {
  const items: T[] = []
  const damaged: DamagedLine[] = []
  const { lines, rest } = splitLines(bytes)
  for (const [index, line] of lines.entries()) {
    const read = readSpoolLine(line, readItem)
    if (read === undefined) damaged.push({ number: index + 1, bytes: line })
    else for (const item of read) items.push(item)
  }
  for (const item of readRest(rest, readItem)) items.push(item)
  return { items, damaged }
}

/**
 * A last line that was cut off, by a crash or a full disk, was never answered, so whoever sent it will say so again: it is
 * no damage. One that only lacks its line break, or has another letter there, is whole.
 */
function readRest<T>(rest: Buffer, readItem: ReadItem<T>): T[] {
  return readSpoolLine(rest, readItem) ?? readSpoolLine(rest.subarray(0, -1), readItem) ?? []
}

/** A file that could not even be made holds nothing. */
async function readBytes(path: string): Promise<Buffer | 'unreadable'> {
  try {
    const file = await stat(path)
    if (!file.isFile() || file.size > MOST_BYTES) return 'unreadable'
    return await readFile(path)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT') return Buffer.alloc(0)
    if (UNREADABLE.has(code)) return 'unreadable'
    throw error
  }
}

/** One item as it was written; `undefined` when it is none. */
export type ReadItem<T> = (item: unknown) => T | undefined

/** `{version} {checksum} {JSON list}`. The releases before wrote the list alone. */
const VERSION = '1'
const LINE = /^(\d+) ([0-9a-f]{8}) (?=\[)/

const LF = 0x0a

/** Everything between two line breaks, and what follows the last one. */
function splitLines(bytes: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = []
  let start = 0
  for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
    lines.push(bytes.subarray(start, end))
    start = end + 1
  }
  return { lines, rest: bytes.subarray(start) }
}

export function spoolLine(items: readonly unknown[]): string {
  const json = JSON.stringify(items)
  return `${VERSION} ${checksum(json)} ${json}\n`
}

/** The items of a line; `undefined` when it is not as it was written, or of a release that nobody knows yet. */
export function readSpoolLine<T>(line: Buffer, readItem: ReadItem<T>): T[] | undefined {
  const text = textOf(line)
  if (text === undefined) return undefined
  const [head = '', version, sum] = LINE.exec(text.slice(0, 64)) ?? []
  const json = text.slice(head.length)
  if (version !== undefined && (version !== VERSION || checksum(json) !== sum)) return undefined
  const list = parseJson(json)
  if (!Array.isArray(list)) return undefined
  const items = list.map(readItem)
  return items.every((item) => item !== undefined) ? items : undefined
}

function textOf(line: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line)
  } catch {
    return undefined
  }
}
