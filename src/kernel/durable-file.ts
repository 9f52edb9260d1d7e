import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Ending of a file that is still being written; whatever bears it after a crash is worthless. */
export const UNFINISHED = '.tmp'

/**
 * Replaces a file so that after a crash or a power cut it is either the old one or the new one, whole. Once
 * this resolves the new one is on disk: the name too, hence the folder's fsync.
 */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = path + UNFINISHED
  const handle = await open(unfinished, 'w', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(unfinished, path)
  await syncFolder(dirname(path))
}

/** Removes a file so that it does not come back after a power cut. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true })
  await syncFolder(dirname(path))
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The system's code of a failed file operation, such as `ENOSPC`. */
export function systemCode(error: unknown): string {
  const { code } = error instanceof Error ? (error as NodeJS.ErrnoException) : { code: undefined }
  return code ?? 'UNKNOWN'
}
