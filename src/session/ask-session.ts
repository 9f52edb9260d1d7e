import { BridgeError, OperatorNeededError } from '../errors.ts'
import type { AccountId } from '../ids.ts'
import type { ManagedSession } from '../wasender/managed-session.ts'
import type { OwnSession } from '../wasender/session.ts'
import type { Credentials } from './credentials.ts'

/**
 * Takes over the API key and the webhook secret that the session has now, as the personal access token sees it
 * (docs/platforms/wasender.md#session-settings).
 *
 * @throws {OperatorNeededError} `session.not_ours` when the key in use is a good one of another session: to take over
 * this one's would send from another number.
 */
export function createAskSession(deps: {
  account: AccountId
  managed: () => ManagedSession | undefined
  /** By the API key in use. */
  own: Pick<OwnSession, 'status'>
  credentials: Credentials
}): () => Promise<boolean> {
  const { account, own, credentials } = deps
  return async () => {
    const session = await deps.managed()?.get()
    if (session === undefined) return false
    const { apiKey, webhookSecret } = session
    const isOther = apiKey !== undefined && apiKey.trim() !== credentials.now().apiKey
    if (isOther && (await isAccepted(own))) throw notOurs(account)
    return credentials.learn({
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(webhookSecret === undefined ? {} : { wasenderSecrets: [webhookSecret] }),
    })
  }
}

async function isAccepted(own: Pick<OwnSession, 'status'>): Promise<boolean> {
  try {
    await own.status()
    return true
  } catch (error) {
    if (error instanceof BridgeError && error.code === 'wasender.unauthorized') return false
    throw error
  }
}

function notOurs(account: AccountId): OperatorNeededError {
  return new OperatorNeededError(
    `The API key of account ${account} belongs to another session than its sessionId. Set accounts[].wasender.sessionId to the session of the key, or leave it out.`,
    { code: 'session.not_ours', context: { account } },
  )
}
