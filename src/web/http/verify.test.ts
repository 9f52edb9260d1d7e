import { Hono } from 'hono'
import { describe, expect, it, vi } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import {
  type CredentialValues,
  createCredentials,
} from '../../accounts/credentials/account-credentials.ts'
import { type Verifiable, verifyWasender } from './verify.ts'

const VALUES: CredentialValues = {
  apiKey: 'k',
  personalAccessToken: undefined,
  wasenderSecrets: [],
  chatwootToken: 't',
  chatwootSecrets: [],
  chatwootUrlTokens: [],
}

/** Two accounts that have learned these secrets from the gateway. */
function setUp(sales: string[], support: string[]) {
  const clock = { now: () => 1_000 }
  const of = (id: string, wasenderSecrets: string[]) => {
    const credentials = createCredentials({ initial: { ...VALUES, wasenderSecrets }, clock })
    const refresh = { wasender: vi.fn(async () => {}), chatwoot: vi.fn(async () => {}) }
    return [
      id,
      { account: { id, credentials, refresh, managedSession: {} } as unknown as Account },
    ] as const
  }
  const accounts = new Map([of('sales', sales), of('support', support)])
  const verify = verifyWasender({
    accounts: accounts as unknown as ReadonlyMap<string, Verifiable>,
    clock,
    async secondLook(_name, { find, refresh }) {
      const found = find()
      if (found !== undefined || refresh === undefined) return found
      await refresh()
      return find()
    },
  })
  const app = new Hono()
  for (const path of ['/api/webhook', '/webhooks/wasender/:account']) {
    app.post(path, async (c) => {
      const claim = await verify(c)
      return c.text(claim !== undefined && 'account' in claim ? claim.account.id : 'nobody')
    })
  }
  const post = async (path: string, secret: string) => {
    const headers = { 'X-Webhook-Signature': secret }
    return (await app.request(path, { method: 'POST', headers })).text()
  }
  return { post, accounts }
}

describe('a webhook without an account in its address', () => {
  it('is that account’s whose secret it carries', async () => {
    const { post } = setUp(['s1'], ['s2'])
    expect(await post('/api/webhook', 's1')).toBe('sales')
    expect(await post('/api/webhook', 's2')).toBe('support')
    expect(await post('/api/webhook', 's3')).toBe('nobody')
  })

  it('is nobody’s while two accounts have that secret, and still has its own address', async () => {
    const { post } = setUp(['same'], ['other', 'same'])
    expect(await post('/api/webhook', 'same')).toBe('nobody')
    expect(await post('/api/webhook', 'other')).toBe('support')
    expect(await post('/webhooks/wasender/sales', 'same')).toBe('sales')
    expect(await post('/webhooks/wasender/support', 'same')).toBe('support')
  })

  it('is nobody’s as long as the former secret of another account is accepted, too', async () => {
    const { post, accounts } = setUp(['s1'], ['s2'])
    accounts.get('sales')?.account.credentials.learn({ wasenderSecrets: ['s2'] })
    accounts.get('support')?.account.credentials.learn({ wasenderSecrets: ['s3'] })
    expect(await post('/api/webhook', 's2')).toBe('nobody')
    expect(await post('/api/webhook', 's3')).toBe('support')
  })

  it('is asked about once more when nobody or more than one has it', async () => {
    const { post, accounts } = setUp(['same'], ['same'])
    const { credentials, refresh } = accounts.get('support')!.account
    vi.mocked(refresh.wasender).mockImplementation(async () => {
      credentials.learn({ wasenderSecrets: ['new'] })
    })
    expect(await post('/api/webhook', 'new')).toBe('support')
  })
})
