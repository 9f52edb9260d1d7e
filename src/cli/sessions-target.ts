import type { Command } from 'commander'
import { systemClock } from '../clock.ts'
import type { AccountConfig } from '../config/schema.ts'
import { PermanentError } from '../errors.ts'
import { summarizeError } from '../log-errors.ts'
import { createAccountCredentials } from '../session/account-credentials.ts'
import { createSessionControl, managedOf } from '../session/create-session-control.ts'
import { createQrCodes } from '../session/qr-codes.ts'
import type { SessionAccount, SessionControl } from '../session/session-control.ts'
import { createWasenderClient } from '../wasender/client.ts'
import type { Sessions } from '../wasender/sessions.ts'
import { type CliContext, loadForCommand } from './context.ts'
import { oneAccount } from './one-account.ts'

/** `--account`, and the number of a session other than the account's own. */
export type TargetOptions = { account?: string; id?: string | undefined }

/** The session a command is about, and what can be done with it. */
export type SessionTarget = {
  account: SessionAccount
  control: SessionControl
  managed: () => Promise<{ sessions: Sessions; id: number }>
}

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
  const found = sessionAccount(withSession(oneAccount(config.accounts, account), id), cli)
  return {
    account: found,
    control: createSessionControl({ qrCodes: createQrCodes({ clock: systemClock }) }),
    managed: () => managedOf(found),
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
  return chosen.map((each) => sessionAccount(each, cli))
}

function sessionAccount(config: AccountConfig, cli: CliContext): SessionAccount {
  const keeper = createAccountCredentials({
    config,
    clock: systemClock,
    onError: (error) => cli.stderr.write(`${summarizeError(error)}\n`),
  })
  const { credentials, managedSession, onKeyRefused } = keeper
  return {
    id: config.id,
    credentials,
    wasender: createWasenderClient({
      account: config.id,
      baseUrl: config.wasender.baseUrl,
      apiKey: () => credentials.now().apiKey,
      personalAccessToken: () => credentials.now().personalAccessToken,
      onKeyRefused,
      routes: config.wasender.routes,
    }),
    managedSession: managedSession(),
  }
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
