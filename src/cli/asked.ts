import { type CANCEL_SYMBOL, confirm, isCancel } from '@clack/prompts'
import { PermanentError } from '../kernel/errors.ts'
import { visible } from '../kernel/text.ts'
import type { CliContext } from './context.ts'
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

const UNCHANGED = { message: 'Nothing was changed.', code: 'cli.not_confirmed' }

/**
 * Lets whoever sits at the terminal confirm something that cannot be undone.
 *
 * @throws {PermanentError} `cli.not_confirmed` without a yes, also when nobody can be asked.
 */
export async function confirmed(
  cli: CliContext,
  options: { message: string; yes?: boolean | undefined; json?: boolean | undefined },
): Promise<void> {
  if (options.yes === true) return
  if (cli.interactive !== true || options.json === true) {
    throw new PermanentError(`${options.message} Confirm it with --yes.`, {
      code: 'cli.not_confirmed',
    })
  }
  const answer = await asked(
    UNCHANGED,
    (signal) =>
      confirm({ signal, message: `${visible(options.message)} Go on?`, initialValue: false }),
    cli.signals,
  )
  if (!answer) throw new PermanentError(UNCHANGED.message, { code: UNCHANGED.code })
}
