import { BridgeError, TransientError } from '../../errors.ts'
import { systemCode } from '../file/durable-file.ts'

/**
 * The error for a command that Redis did not carry out. The original is left out on purpose: ioredis puts
 * the command's arguments on it, which are customer data.
 */
export function redisFailed(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error
  const reply = replyCode(error)
  return new TransientError(`The store's Redis did not answer as it should: ${reply}.`, {
    code: 'store.redis_failed',
    context: { reply },
  })
}

/** `OOM`, `READONLY`, `ECONNREFUSED`: the first word of a Redis error, else the system's code or the class. */
function replyCode(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN'
  const word = /^[A-Z][A-Z_]+(?= )/.exec(error.message)?.[0]
  if (word !== undefined) return word
  const code = systemCode(error)
  return code === 'UNKNOWN' ? error.name : code
}
