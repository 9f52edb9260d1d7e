import { type FileHandle, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { removeDurably, syncFolder } from '../../store/file/durable-file.ts'

/** One file of the spool: a JSON list of items per line. */
export type SpoolFile<T> = {
  bytes(): number
  /** True when nothing may be written into it any more. */
  isSealed(): boolean
  /** On disk once resolved. After a failure the file is sealed: nobody knows how its last line ends. */
  write(text: string): Promise<void>
  seal(): Promise<void>
  /** Hands over what was not handed over yet, some items at a time, and removes the file. */
  handOver(deliver: Deliver<T>): Promise<void>
}

/** Resolves with how many of the items it took, the first ones and one at least. */
export type Deliver<T> = (items: T[]) => Promise<number>

/** Items handed over at once. */
const BATCH = 100

export function createSpoolFile<T>(path: string, state: 'new' | 'sealed'): SpoolFile<T> {
  let handle: FileHandle | undefined
  let isSealed = state === 'sealed'
  let size = 0
  let done = 0

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
      const items = await readItems<T>(path)
      while (done < items.length) {
        done += await deliver(items.slice(done, done + BATCH))
      }
      await removeDurably(path)
    },
  }
}

/**
 * A last line that was cut off, by a crash or a full disk, was never answered, so whoever sent it will say so again. A file
 * that could not even be made holds nothing.
 */
async function readItems<T>(path: string): Promise<T[]> {
  const lines = (await readIfThere(path)).split('\n')
  lines.pop()
  return lines.flatMap((line) => JSON.parse(line) as T[])
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
