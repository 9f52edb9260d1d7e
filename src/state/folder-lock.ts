import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { systemCode, UNFINISHED } from '../kernel/durable-file.ts'
import { ConfigError } from '../kernel/errors.ts'
import { isAlive, startOf } from './process-life.ts'

export type FolderLock = {
  /**
   * Rejects with a `ConfigError` when somebody else took the folder meanwhile, as a process in another
   * container can, whose number means nothing here. Asked before every write, it keeps two from mixing.
   */
  check(): Promise<void>
  release(): Promise<void>
}

const holderSchema = z.object({ pid: z.int().positive(), start: z.string().optional() })
type Holder = z.infer<typeof holderSchema>

/**
 * Claims a folder for this process with a file named `lock`. What a dead process left is taken over.
 *
 * @throws ConfigError when a living process holds it.
 */
export async function lockFolder(dir: string): Promise<FolderLock> {
  const path = join(dir, 'lock')
  const id = randomUUID()
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid), id })
  const draft = `${path}.${id}${UNFINISHED}`
  // Written aside and then linked, so that nobody ever reads half a lock.
  await writeFile(draft, mine, { mode: 0o600 })
  try {
    if (!(await linked(draft, path))) {
      refuseIfHeld(dir, await read(path))
      await rename(draft, path)
    }
  } finally {
    await rm(draft, { force: true })
  }

  return {
    check: async () => {
      if ((await read(path)) !== mine) throw lost(dir)
    },
    release: async () => {
      if ((await read(path)) === mine) await rm(path, { force: true })
    },
  }
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function refuseIfHeld(dir: string, text: string | undefined): void {
  const holder = parseHolder(text)
  if (holder === undefined || !holds(holder)) return
  throw new ConfigError(
    `${dir} is in use by process ${holder.pid}. Stop that process, or give this one another data.dir ` +
      '(several bridge processes can share one store only with data.store: redis).',
    { code: 'store.in_use', context: { dir, pid: holder.pid } },
  )
}

function holds({ pid, start }: Holder): boolean {
  if (!isAlive(pid)) return false
  const running = startOf(pid)
  return start === undefined || running === undefined || start === running
}

/** A lock that cannot be read was not written by {@link lockFolder}: nobody holds it. */
function parseHolder(text: string | undefined): Holder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text ?? '')).data
  } catch {
    return undefined
  }
}

function lost(dir: string): ConfigError {
  return new ConfigError(
    `Another process took over ${dir}; this one no longer writes there. Let only one bridge use a data.dir.`,
    { code: 'store.lock_lost', context: { dir } },
  )
}
