import { confirm } from '@clack/prompts'
import { PermanentError } from '../kernel/errors.ts'
import { visible } from '../kernel/text.ts'
import { asked } from './asked.ts'
import type { CliContext } from './context.ts'

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
