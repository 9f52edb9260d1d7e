import { systemClock } from '../clock.ts'
import type { AccountConfig } from '../config/schema.ts'
import { summarizeError } from '../log-errors.ts'
import { createAccountCredentials } from '../session/account-credentials.ts'
import { createSessionControl, managedOf } from '../session/create-session-control.ts'
import { createQrCodes } from '../session/qr-codes.ts'
import type { SessionAccount } from '../session/session-control.ts'
import { visibleLines } from '../visible.ts'
import { createWasenderClient } from '../wasender/client.ts'
import type { CliContext } from './context.ts'
import type { SessionTarget } from './sessions-target.ts'

/** An account as the configuration has it, with the client of its session, and no bridge around it. */
export function sessionAccount(config: AccountConfig, cli: CliContext): SessionAccount {
  const keeper = createAccountCredentials({
    config,
    clock: systemClock,
    onError: (error) => cli.stderr.write(`${visibleLines(summarizeError(error))}\n`),
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

/** The same together with what can be done with its session. */
export function controlledSession(
  config: AccountConfig,
  cli: CliContext,
): Omit<SessionTarget, 'qrCommand'> {
  const account = sessionAccount(config, cli)
  return {
    account,
    control: createSessionControl({ qrCodes: createQrCodes({ clock: systemClock }) }),
    managed: () => managedOf(account),
  }
}
