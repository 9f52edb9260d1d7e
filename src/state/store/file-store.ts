import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../kernel/clock.ts'
import { systemCode } from '../../kernel/durable-file.ts'
import { BridgeError, ConfigError, describeError } from '../../kernel/errors.ts'
import { type FolderLock, lockFolder } from '../folder-lock.ts'
import type { OnSetAside } from '../set-aside/set-aside.ts'
import {
  type FileCollection,
  type FileCollectionOptions,
  openFileCollection,
} from './file/collection.ts'
import { noteForgotten } from './forgotten.ts'
import { chatIndexes, type Indexes, LINK_AGE_MS, linkIndexes } from './keys.ts'
import { isValueOf } from './shapes.ts'
import type { AccountState, Alias, Chat, Collections, Link, Store } from './types.ts'

export type FileStoreOptions = {
  /** Folder for the store alone; made when missing. One process at a time may use it. */
  dir: string
  /**
   * Told about failures that no caller hears of: clearing up old files, which is tried again later. Node's
   * own warning when absent.
   */
  onError?: (error: BridgeError) => void
  /** Told about what could not be read and was set aside; Node's own warning when absent. */
  onSetAside?: OnSetAside
  /** Milliseconds since 1970. */
  now?: () => number
  limits?: {
    /** Entries per file, 1000 when absent, at most 1024. */
    segmentEntries?: number
    /** Milliseconds a link is kept after its last change, 180 days when absent. */
    linkAgeMs?: number
  }
}

/**
 * The store on lowdb files: everything in memory, every change appended to a small file per collection.
 *
 * @throws ConfigError when another process uses the folder, or it or a file in it may not be used.
 */
export async function createFileStore(options: FileStoreOptions): Promise<Store> {
  const lock = await claimFolder(options.dir)

  function open<T>(
    name: keyof Collections,
    indexes: Indexes<T, string>,
    more: Pick<FileCollectionOptions<T>, 'maxAgeMs' | 'onLost'> = {},
  ): Promise<FileCollection<T>> {
    return openFileCollection({
      dir: join(options.dir, name),
      indexes,
      isValue: isValueOf(name),
      onSetAside: options.onSetAside ?? warnOfDamage,
      segmentEntries: options.limits?.segmentEntries ?? 1000,
      now: options.now ?? systemClock.now,
      guard: lock.check,
      onError: options.onError ?? warn,
      ...more,
    })
  }

  try {
    const accounts = await open<AccountState>('accounts', {})
    const links = await open<Link>('links', linkIndexes, {
      maxAgeMs: options.limits?.linkAgeMs ?? LINK_AGE_MS,
      onLost: (before) => noteForgotten(accounts, before),
    })
    const chats = await open<Chat>('chats', chatIndexes)
    const aliases = await open<Alias>('aliases', {})
    const all = [links, chats, aliases, accounts]
    return {
      links,
      chats,
      aliases,
      accounts,
      flush: () => settle(all.map((one) => one.flush())),
      close: async () => {
        try {
          await settle(all.map((one) => one.close()))
        } finally {
          await lock.release()
        }
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function claimFolder(dir: string): Promise<FolderLock> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    return await lockFolder(dir)
  } catch (cause) {
    if (cause instanceof BridgeError) throw cause
    const code = systemCode(cause)
    throw new ConfigError(
      `The folder ${dir} (data.dir) cannot be used: ${code}. Give the bridge's user access to it.`,
      { code: 'store.folder', context: { dir, system: code }, cause },
    )
  }
}

function warn(error: BridgeError): void {
  process.emitWarning(describeError(error))
}

const warnOfDamage: OnSetAside = ({ where }) => {
  process.emitWarning(`${where} is damaged. What cannot be read of it was set aside.`)
}

/** Waits for all, whatever becomes of one; then rejects with the first failure. */
async function settle(work: Promise<void>[]): Promise<void> {
  await Promise.allSettled(work)
  await Promise.all(work)
}
