import { OperatorNeededError, PermanentError } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'

export const noToken = (account: string): OperatorNeededError =>
  new OperatorNeededError(
    `Sessions are managed with a personal access token. Add accounts[].wasender.personalAccessToken to account ${account}; it is in the WasenderAPI dashboard under Settings, Personal Access Token.`,
    { code: 'session.no_token', context: { account } },
  )

export const notFound = (account: AccountId): OperatorNeededError =>
  new OperatorNeededError(
    `None of the sessions of the personal access token has the API key of account ${account}. Correct accounts[].wasender.apiKey, or set accounts[].wasender.sessionId.`,
    { code: 'session.not_found', context: { account } },
  )

export const alreadyConnected = (account: AccountId): PermanentError =>
  new PermanentError(
    `The WhatsApp session of account ${account} is connected: there is no code to scan.`,
    { code: 'session.connected', context: { account } },
  )

export const noQr = (account: AccountId): PermanentError =>
  new PermanentError(
    `The WhatsApp session of account ${account} has no QR code. Finish linking it in the WasenderAPI dashboard.`,
    { code: 'session.no_qr', context: { account } },
  )
