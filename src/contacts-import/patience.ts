import { setTimeout as sleep } from 'node:timers/promises'
import {
  type BridgeError,
  OperatorNeededError,
  OutcomeUnknownError,
  RateLimitedError,
  SessionDownError,
  TransientError,
} from '../errors.ts'

/** Does one piece of work after the other, slowly, and again when it failed for the moment. */
export type Patience = <T>(work: (attempt: number) => Promise<T>) => Promise<T>

/**
 * Between two contacts, each a few requests: far below Chatwoot's 3000 a minute
 * (docs/platforms/chatwoot.md#rate-limits).
 */
const PAUSE_MS = 250
/** Some servers allow a tenth of that. Once told to slow down, an import stays slow: customers go first. */
const MAX_PAUSE_MS = 4_000
/** Whoever started it sits and waits: longer than this, they may rather come back later. */
const MAX_WAIT_MS = 120_000
const WAITS_MS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000]

export function createPatience(options: {
  signal: AbortSignal
  onWait: (error: BridgeError, ms: number) => Promise<void>
  pauseMs?: number | undefined
  waitsMs?: readonly number[] | undefined
}): Patience {
  const { signal, onWait, waitsMs = WAITS_MS } = options
  let pause = options.pauseMs ?? PAUSE_MS
  let isFirst = true

  /** Resolves when it is time to try again; throws when that has no sense. */
  async function recover(error: unknown, attempt: number): Promise<void> {
    const wait = waitsMs[attempt]
    const asked = error instanceof RateLimitedError ? error.waitMs : 0
    if (!isPassing(error) || wait === undefined || asked > MAX_WAIT_MS) throw error
    if (asked > 0) pause = Math.min(pause * 2, MAX_PAUSE_MS)
    const ms = Math.max(wait, asked)
    await onWait(error, ms)
    await sleep(ms, undefined, { signal })
  }

  return async (work) => {
    if (!isFirst) await sleep(pause, undefined, { signal })
    isFirst = false
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted()
      try {
        return await work(attempt)
      } catch (error) {
        await recover(error, attempt)
      }
    }
  }
}

/** Nobody has to act first. Work that may have been done looks for its result before it is done again. */
function isPassing(error: unknown): error is TransientError | OutcomeUnknownError {
  if (error instanceof OperatorNeededError || error instanceof SessionDownError) return false
  return error instanceof TransientError || error instanceof OutcomeUnknownError
}
