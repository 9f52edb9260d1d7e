import { BridgeError, isRetryable } from '../../errors.ts'
import type { Entry } from './lanes.ts'

/**
 * Work that is a courtesy and not a message: it is tried `attempts` times and then let go, since a dead letter about a
 * picture or a blue tick would only bury those that matter. Surprises outside the error tree are still thrown.
 */
export async function bestEffort(
  entry: Pick<Entry, 'attempts'>,
  attempts: number,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error
    if (isRetryable(error) && entry.attempts + 1 < attempts) throw error
  }
}
