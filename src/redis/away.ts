import { TransientError } from '../errors.ts'

/** What a Redis answers that is there but does not take writes: starting, failed over, full, without its disk. */
const REFUSALS = new Set([
  'LOADING',
  'READONLY',
  'OOM',
  'MISCONF',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'NOREPLICAS',
  'BUSY',
  'NOAUTH',
  'WRONGPASS',
  'UNBLOCKED',
])

/** How ioredis says that a command did not reach Redis, or that its answer did not come back. */
const UNREACHED = [
  'Connection is closed',
  "Stream isn't writeable",
  'Command timed out',
  'Reached the max retries per request limit',
  'Socket timeout',
  'connect ETIMEDOUT',
]

const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/**
 * The reason in a word or two when Redis cannot be reached or takes no writes; `undefined` for any other error. Commands
 * that failed so may have been carried out all the same.
 */
export function awayReason(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof TransientError) return reasonIn(error)
  const word = /^[A-Z]+(?= )/.exec(error.message)?.[0]
  if (word !== undefined && REFUSALS.has(word)) return word
  if (word === 'ERR') return inScript(error.message)
  // A transaction is refused as a whole because of what is wrong with its parts.
  if (word === 'EXECABORT') return partOf(error) ?? word
  if (UNREACHED.some((text) => error.message.startsWith(text))) return 'it cannot be reached'
  if ('code' in error && SYSTEM.has(String(error.code)) && !('path' in error && isFile(error))) {
    return String(error.code)
  }
  return undefined
}

/** Before version 7 the refusal of a command stands within what Redis says about the script that gave it. */
function inScript(message: string): string | undefined {
  if (!message.startsWith('ERR Error running script')) return undefined
  const word = /-([A-Z]+) /.exec(message)?.[1]
  return word !== undefined && REFUSALS.has(word) ? word : undefined
}

/** The bridge's own errors about Redis carry the reason. */
function reasonIn({ code, context }: TransientError): string | undefined {
  if (code === 'store.redis_failed') return String(context.reply)
  return code === 'redis.away' ? String(context.reason) : undefined
}

/** File operations fail with some of the same codes, but never by connecting. */
function isFile(error: Error): boolean {
  return 'syscall' in error && error.syscall !== 'connect'
}

function partOf(error: Error): string | undefined {
  if (!('previousErrors' in error) || !Array.isArray(error.previousErrors)) return undefined
  return error.previousErrors.map(awayReason).find((reason) => reason !== undefined)
}
