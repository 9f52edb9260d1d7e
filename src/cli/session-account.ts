import { createAccountCredentials } from '../accounts/credentials/account-credentials.ts'
import { createQrCodes } from '../accounts/qr-codes.ts'
import type { AccountConfig } from '../config/schema.ts'
import { systemClock } from '../kernel/clock.ts'
import { summarizeError } from '../kernel/log.ts'
import { visibleLines } from '../kernel/text.ts'
import {
  createSessionControl,
  managedOf,
  type SessionAccount,
  type SessionControl,
} from '../operators/session-control.ts'
import { createWasenderClient } from '../platforms/wasender/client.ts'
import type { Sessions } from '../platforms/wasender/sessions.ts'
import type { CliContext } from './context.ts'

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

/** The session a command is about, and what can be done with it. */
export type SessionTarget = {
  account: SessionAccount
  control: SessionControl
  managed: () => Promise<{ sessions: Sessions; id: number }>
  /** The command that shows its QR code. */
  qrCommand: string
}
