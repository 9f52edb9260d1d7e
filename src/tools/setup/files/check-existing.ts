import type { Environment } from '../../../config/environment.ts'
import { parseConfig } from '../../../config/load.ts'
import { ConfigProblemsError } from '../../../config/problems.ts'
import { DEFAULT_BASE_URL } from '../../../platforms/wasender/base-url.ts'
import { editConfig } from './edit-config.ts'
import type { Existing } from './existing.ts'
import { type Outcome, wantedAtTop, wantedOfAccount } from './wanted-config.ts'

/** Good for every key a set-up fills in, so that only what it does not fill in can be wrong. */
const filledIn = (account: string): Outcome => ({
  account,
  publicUrl: 'https://bridge.invalid',
  adminToken: 'filled-in-by-the-set-up',
  chatwoot: { baseUrl: 'https://chat.invalid', token: 'filled-in', accountId: 1 },
  inbox: { id: 1, secret: 'filled-in' },
  wasender: {
    baseUrl: DEFAULT_BASE_URL,
    apiKey: 'filled-in',
    webhookSecret: 'filled-in',
    personalAccessToken: 'filled-in',
    sessionId: 1,
  },
})

/**
 * Says before anything is changed what is wrong with an existing configuration and will still be when the set-up is
 * through: a mistake in an option, a variable of another account that is not set.
 *
 * @throws {ConfigProblemsError}
 */
export function checkExisting(existing: Existing, account: string, env: Environment): void {
  const { configFile, configText, environment } = existing
  if (configText === undefined) return
  const outcome = filledIn(account)
  const { text, variables } = editConfig({
    text: configText,
    environment,
    account,
    top: wantedAtTop(outcome),
    ofAccount: wantedOfAccount(outcome),
  })
  try {
    parseConfig({ text, file: configFile, env: { ...environment, ...env, ...variables } })
  } catch (error) {
    if (!(error instanceof ConfigProblemsError)) throw error
    // The lines are those of the text with everything filled in.
    throw new ConfigProblemsError(
      configFile,
      error.problems.map(({ line: _, ...problem }) => problem),
    )
  }
}
