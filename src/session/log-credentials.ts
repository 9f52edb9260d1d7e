import type { Account } from '../account.ts'
import type { Logger } from '../log.ts'
import { CREDENTIAL_SETTINGS } from './configured-credentials.ts'

/** Says which credentials the bridge goes on with, by their settings' names. */
export function logCredentials({ id, credentials }: Account, log: Logger): void {
  credentials.onChange((changed) => {
    const settings = [...changed].map((name) => CREDENTIAL_SETTINGS[name])
    log.warn(
      { account: id, settings },
      'Changed credentials were taken over; the configuration should have the same',
    )
  })
}
