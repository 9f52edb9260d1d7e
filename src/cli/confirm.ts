import { confirm } from '@clack/prompts'
import { PermanentError } from '../errors.ts'
import type { CliContext } from './context.ts'

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
  const answer = await confirm({ message: `${options.message} Go on?`, initialValue: false })
  if (answer === true) return
  throw new PermanentError('Nothing was changed.', { code: 'cli.not_confirmed' })
}
