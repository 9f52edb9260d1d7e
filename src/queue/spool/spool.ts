import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createGroupFlush, withTimeout } from '../../kernel/async.ts'
import { lockFolder } from '../../state/folder-lock.ts'
import type { OnSetAside } from '../../state/set-aside/set-aside.ts'
import {
  createSpoolFile,
  type Deliver,
  type ReadItem,
  type SpoolFile,
  spoolLine,
} from './spool-file.ts'

/**
 * What cannot go into Redis waits here: files of lines, fsynced before anybody is told that it is safe. Customers'
 * messages cannot be fetched again later, so without this they would be lost while Redis is away.
 */
export type Spool<T> = {
  /** Durable once resolved. Rejects, and has kept nothing for sure, when the disk is full. */
  append(items: T[]): Promise<void>
  /** True while something waits. */
  isHolding(): boolean
  /**
   * Hands everything over in the order it came and forgets it. Rejects with the first failure of `deliver`; what was
   * handed over before is not handed over again, unless the process dies before its file is gone.
   */
  drain(deliver: Deliver<T>): Promise<void>
  close(): Promise<void>
}

/** A new file starts at this size, so that draining gives back disk as it goes and never holds more than this. */
const FILE_BYTES = 4 * 1024 * 1024
/**
 * The last file is handed over while nobody may append, or a steady stream would never let it end; but not before it is
 * clear that handing over works, since nobody shall wait for that.
 */
const LAST_BYTES = 64 * 1024
/** So long at most: Redis may be slow, or fall silent. */
const LAST_MS = 500

export type SpoolOptions<T> = {
  /** Folder for the spool alone; made when missing. */
  dir: string
  readItem: ReadItem<T>
  /** Told what could not be read and was set aside. */
  onSetAside: OnSetAside
}

/**
 * Opens the spool of a folder, with whatever an earlier process left in it.
 *
 * @throws {ConfigError} when another process uses the folder.
 */
export async function openSpool<T>(options: SpoolOptions<T>): Promise<Spool<T>> {
  const { dir } = options
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(dir)
  const names = (await readdir(dir)).filter((name) => /^\d+\.jsonl$/.test(name)).sort()
  const files: SpoolFile<T>[] = names.map((name) =>
    createSpoolFile<T>({ ...options, path: join(dir, name), state: 'sealed' }),
  )
  let sequence = Number.parseInt(names.at(-1) ?? '0', 10)
  let inHand: Promise<unknown> = Promise.resolve()
  let lines: string[] = []
  let appending = 0

  /** One after the other, whatever became of the one before. */
  function keyedQueue<R>(work: () => Promise<R>): Promise<R> {
    const turn = inHand.then(work, work)
    inHand = turn
    return turn
  }

  function current(): SpoolFile<T> {
    const last = files.at(-1)
    if (last !== undefined && !last.isSealed() && last.bytes() < FILE_BYTES) return last
    sequence += 1
    const path = join(dir, `${String(sequence).padStart(12, '0')}.jsonl`)
    const file = createSpoolFile<T>({ ...options, path, state: 'new' })
    files.push(file)
    return file
  }

  // Everybody who waits while a write is under way shares the next one.
  const flush = createGroupFlush(() =>
    keyedQueue(async () => {
      const text = lines.join('')
      lines = []
      await current().write(text)
    }),
  )

  async function handOver(file: SpoolFile<T>, deliver: Deliver<T>) {
    await file.handOver(deliver)
    files.shift()
  }

  /** What is appended after the turn goes into a file of its own, since this one is sealed by then. */
  async function handOverLast(file: SpoolFile<T>, deliver: Deliver<T>) {
    let handing: Promise<void> | undefined
    await keyedQueue(() => {
      handing = handOver(file, deliver)
      return withTimeout(LAST_MS, handing, () => {})
    })
    await handing
  }

  return {
    async append(items) {
      appending += 1
      try {
        lines.push(spoolLine(items))
        await flush.request()
      } finally {
        appending -= 1
      }
    },
    isHolding: () => files.length > 0 || appending > 0,
    async drain(deliver) {
      let goesWell = false
      for (let [oldest] = files; oldest !== undefined; [oldest] = files) {
        const file = oldest
        if (goesWell && files.length === 1 && file.bytes() < LAST_BYTES) {
          await handOverLast(file, deliver)
        } else {
          await keyedQueue(() => file.seal())
          await handOver(file, deliver)
        }
        goesWell = true
      }
    },
    close: () =>
      keyedQueue(async () => {
        for (const file of files) await file.seal()
        await lock.release()
      }),
  }
}
