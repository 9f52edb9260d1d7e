import { PermanentError } from '../kernel/errors.ts'

/**
 * The account a command is about: the one that is named, or the only one.
 *
 * @throws {PermanentError} `cli.which_account` or `cli.no_account`
 */
export function oneAccount<Account extends { id: string }>(
  accounts: readonly Account[],
  name: string | undefined,
): Account {
  const names = accounts.map(({ id }) => id).join(', ')
  const [first, ...others] = accounts
  if (name === undefined) {
    if (first !== undefined && others.length === 0) return first
    throw new PermanentError(`Say which account with --account: ${names}.`, {
      code: 'cli.which_account',
    })
  }
  const found = accounts.find(({ id }) => id === name)
  if (found !== undefined) return found
  throw new PermanentError(`There is no account ${name}; there is: ${names}.`, {
    code: 'cli.no_account',
  })
}
