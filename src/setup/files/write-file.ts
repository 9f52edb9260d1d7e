import { chmod, mkdir, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UNFINISHED, writeDurably } from '../../store/file/durable-file.ts'

/** For files without secrets. */
export const READABLE = 0o644
/** Only the owner. */
export const PRIVATE = 0o600

/**
 * Replaces a file as a whole, so that whoever reads it meanwhile sees the old one or the new one. An existing file
 * keeps its permissions unless it is to be private.
 */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const before = mode === PRIVATE ? undefined : await modeOf(path)
  // Whatever bears the name of the unfinished file may be open to others, or a link to somewhere else.
  await rm(path + UNFINISHED, { force: true })
  await writeDurably(path, text)
  await chmod(path, before ?? mode)
}

/** Permission bits; undefined when there is no file. */
export async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
