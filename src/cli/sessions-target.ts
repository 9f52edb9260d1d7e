import type { Command } from 'commander'
import type { AccountConfig } from '../config/schema.ts'
import { PermanentError } from '../kernel/errors.ts'
import type { SessionAccount } from '../operators/session-control.ts'
import { type CliContext, globalOptions, loadForCommand } from './context.ts'
import { oneAccount } from './one-account.ts'
import type { SessionTarget } from './session-account.ts'

/** `--account`, and the number of a session other than the account's own. */
export type TargetOptions = { account?: string; id?: string | undefined }

/** Loaded when a command needs it, so that the others start without the gateway's client. */
const importSessionAccount = () => import('./session-account.ts')

/** Adds the option that says whose session it is. */
export const aboutAccount = (command: Command): Command =>
  command.option('-a, --account <id>', 'account of the bridge; needed when there are several')

/**
 * Finds the session by the configuration alone, so that it works while no bridge runs.
 *
 * @throws {PermanentError} `cli.which_account` or `cli.no_account`
 */
export async function sessionTarget(
  command: Command,
  cli: CliContext,
  { account, id }: TargetOptions = {},
): Promise<SessionTarget> {
  const { config } = await loadForCommand(command, cli)
  const { controlledSession } = await importSessionAccount()
  const one = oneAccount(config.accounts, account)
  return {
    ...controlledSession(withSession(one, id), cli),
    qrCommand: qrCommand({ account: one.id, id, config: globalOptions(command).config }),
  }
}

/** The accounts of the configuration, or the one that is named. */
export async function sessionAccounts(
  command: Command,
  cli: CliContext,
  { account }: TargetOptions,
): Promise<SessionAccount[]> {
  const { accounts } = (await loadForCommand(command, cli)).config
  const chosen = account === undefined ? accounts : [oneAccount(accounts, account)]
  const { sessionAccount } = await importSessionAccount()
  return chosen.map((each) => sessionAccount(each, cli))
}

function qrCommand({ account, id, config }: TargetOptions & { config?: string | undefined }) {
  const words = ['wasender-chatwoot sessions qr', id, '--account', account]
  return [...words, ...(config === undefined ? [] : ['--config', config])]
    .filter((word) => word !== undefined)
    .join(' ')
}

/** Another session than the account's own is managed by the same token. */
function withSession(config: AccountConfig, id: string | undefined): AccountConfig {
  if (id === undefined) return config
  if (!/^[1-9]\d*$/.test(id)) {
    throw new PermanentError('A session is named by its number; see "sessions list".', {
      code: 'cli.bad_session',
    })
  }
  return { ...config, wasender: { ...config.wasender, sessionId: Number(id) } }
}
