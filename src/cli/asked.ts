import { type CANCEL_SYMBOL, isCancel } from '@clack/prompts'
import { type Signals, StoppedError, untilSignal } from './run-until-signal.ts'

/**
 * What somebody answers to a question of clack. A signal ends the question too: clack itself would leave the terminal
 * without its cursor.
 *
 * @throws {StoppedError} with these words, after Ctrl-C or Escape as after a signal.
 */
export function asked<T>(
  words: { message: string; code: string },
  ask: (signal: AbortSignal) => Promise<T | typeof CANCEL_SYMBOL>,
  signals?: Signals,
): Promise<T> {
  return untilSignal(
    words,
    async (signal) => {
      const answer = await ask(signal)
      signal.throwIfAborted()
      if (!isCancel(answer)) return answer
      throw new StoppedError(words, 'SIGINT')
    },
    signals,
  )
}
