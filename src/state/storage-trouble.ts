import { BridgeError } from '../kernel/errors.ts'
import { serializeError } from '../kernel/log.ts'
import { awayReason, redisTrouble, refusedCommand } from './redis/away.ts'

/** What a disk says, and what it means. */
const DISK: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk of data.dir is full',
  EDQUOT: 'the disk of data.dir is full for this user',
  EROFS: 'the disk of data.dir is read-only',
  EACCES: 'the bridge may not write to data.dir',
  EPERM: 'the bridge may not write to data.dir',
  EIO: 'the disk of data.dir fails',
  EMFILE: 'the bridge has too many files open',
}

/**
 * Why Redis or the disk did not keep something: in words for people, without a full stop. It may be shown to anybody, so it
 * holds no path, no address and no secret.
 */
export function storageTrouble(error: unknown): string {
  const reason = awayReason(error) ?? refusedCommand(error)
  if (reason !== undefined) return redisTrouble(reason)
  const code = diskCode(error)
  if (code !== undefined) return `${DISK[code] ?? 'data.dir cannot be written to'} (${code})`
  const { type, code: other } = serializeError(error)
  const known = KNOWN[other ?? '']
  if (known !== undefined) return known
  return `something unforeseen happened (${other ?? type}), the log says more`
}

/** Errors of the bridge whose messages name paths. */
const KNOWN: Readonly<Record<string, string>> = {
  'store.lock_lost': 'another process has taken over data.dir',
}

function diskCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof BridgeError) {
    return typeof error.context.system === 'string' ? error.context.system : undefined
  }
  return 'syscall' in error && 'code' in error ? String(error.code) : undefined
}
