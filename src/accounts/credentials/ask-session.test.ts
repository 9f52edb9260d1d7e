import { describe, expect, it } from 'vitest'
import { OperatorNeededError, TransientError } from '../../kernel/errors.ts'
import { type AccountId, asId } from '../../kernel/ids.ts'
import { session } from '../../platforms/wasender/session-schema.ts'
import { createAskSession, createCredentials } from './account-credentials.ts'

const unauthorized = new OperatorNeededError('No.', { code: 'wasender.unauthorized' })

function begin(found: object | undefined, status: 'connected' | Error) {
  const credentials = createCredentials({
    initial: {
      apiKey: 'key-1',
      personalAccessToken: 'token',
      wasenderSecrets: ['secret-1'],
      chatwootToken: 'token',
      chatwootSecrets: [],
      chatwootUrlTokens: [],
    },
    clock: { now: () => 0 },
  })
  const ours = found === undefined ? undefined : session.parse({ id: 1, ...found })
  const ask = createAskSession({
    account: asId<AccountId>('sales'),
    managed: () => ({ id: async () => ours?.id, get: async () => ours }),
    own: {
      status: async () => {
        if (status instanceof Error) throw status
        return status
      },
    },
    credentials,
  })
  return { ask, credentials }
}

describe('asking for the session', () => {
  it('brings the new key and the new secret when the key in use is refused', async () => {
    const fresh = { api_key: 'key-2', webhook_secret: 'secret-2' }
    const { ask, credentials } = begin(fresh, unauthorized)
    expect(await ask()).toBe(true)
    expect(credentials.now()).toMatchObject({ apiKey: 'key-2', wasenderSecrets: ['secret-2'] })
  })

  it('brings a new secret while the key is the same', async () => {
    const { ask, credentials } = begin(
      { api_key: 'key-1', webhook_secret: 'secret-2' },
      'connected',
    )
    expect(await ask()).toBe(true)
    expect(credentials.now().wasenderSecrets).toEqual(['secret-2'])
  })

  it('takes nothing from another session: its own key works', async () => {
    const other = { api_key: 'key-2', webhook_secret: 'secret-2' }
    const { ask, credentials } = begin(other, 'connected')
    await expect(ask()).rejects.toMatchObject({ code: 'session.not_ours' })
    expect(credentials.now()).toMatchObject({ apiKey: 'key-1', wasenderSecrets: ['secret-1'] })
  })

  it('takes nothing while nobody can say whether the key works', async () => {
    const away = new TransientError('Away.', { code: 'wasender.unavailable' })
    const { ask, credentials } = begin({ api_key: 'key-2' }, away)
    await expect(ask()).rejects.toBe(away)
    expect(credentials.now().apiKey).toBe('key-1')
  })

  it('brings nothing when no session is ours', async () => {
    expect(await begin(undefined, unauthorized).ask()).toBe(false)
  })
})
