import { DEFAULT_CONFIG_PATH } from '../../config/load.ts'
import { ADMIN_TOKEN_VARIABLE } from './files/variables.ts'
import type { SetupResult } from './run-setup.ts'

/** What remains to be done, in this order; sentences for a person. */
export function nextSteps(result: SetupResult, isConnected: boolean): string[] {
  const { account, configFile, envFile, publicUrl, wasender } = result
  const option = configFile === DEFAULT_CONFIG_PATH ? '' : ` --config ${configFile}`
  const start =
    option === ''
      ? 'Start the bridge: npm start, or docker compose up -d.'
      : `Start the bridge: wasender-chatwoot serve${option}.`
  const link =
    wasender.sessionId === undefined
      ? "Link the phone: scan the QR code on the session's page in the WasenderAPI dashboard."
      : `Link the phone: wasender-chatwoot sessions qr --account ${account}${option}`
  return [
    `${start} One that runs already takes new secrets over; restart it after other changes.`,
    ...(isConnected ? [] : [link]),
    `Ask whether everything is right: wasender-chatwoot check${option}.`,
    `See what it does: ${publicUrl}/admin (its token is ${ADMIN_TOKEN_VARIABLE} in ${envFile}).`,
  ]
}
