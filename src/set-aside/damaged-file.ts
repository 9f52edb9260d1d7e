import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { checksum } from '../checksum.ts'
import { syncFolder, writeDurably } from '../store/file/durable-file.ts'

/** Ending of the files that keep what could not be read of another one. */
export const DAMAGED = '.damaged'

/** Far more than the bridge ever writes into one file, and as much as there is memory for. */
export const MOST_BYTES = 512 * 1024 * 1024

/**
 * Keeps lines of a file beside it. The same lines go into the same file, so that doing it again after a crash changes
 * nothing, and others never replace them.
 */
export async function keepDamagedLines(path: string, lines: readonly Uint8Array[]): Promise<void> {
  const bytes = Buffer.concat(lines.flatMap((line) => [line, LF]))
  await writeDurably(`${path}.${checksum(bytes)}${DAMAGED}`, bytes)
}

/** Moves what has the name of a file, and cannot be read as one, out of the way. */
export async function moveAside(path: string): Promise<void> {
  await rename(path, `${path}.${Date.now().toString(36)}${DAMAGED}`)
  await syncFolder(dirname(path))
}

const LF = Buffer.from('\n')
