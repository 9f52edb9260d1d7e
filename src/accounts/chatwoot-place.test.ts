import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accountSchema } from '../config/account-schema.ts'
import { ConfigError } from '../kernel/errors.ts'
import { createFileStore } from '../state/store/file-store.ts'
import type { AccountState, Store } from '../state/store/types.ts'
import { tieToChatwoot } from './chatwoot-place.ts'

const OLD = 'https://chat.example.com'

let dir: string
let store: Store
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'place-'))
  store = await createFileStore({ dir })
  // As an earlier release has left it.
  const state = { account: 'sales', since: 5, routes: 'unified', at: 5 } as AccountState
  await store.accounts.put('sales', state)
})
afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true, force: true })
})

function tie(chatwoot: Record<string, unknown>): Promise<void> {
  const config = accountSchema.parse({
    id: 'sales',
    wasender: { apiKey: 'a', webhookSecret: 'b' },
    chatwoot: { accountId: 1, inboxId: 3, apiAccessToken: 'c', webhookSecret: 'd', ...chatwoot },
  })
  return tieToChatwoot(store, config)
}

describe('what is kept of an account', () => {
  it('belongs to the Chatwoot of its first start, and stays as it is', async () => {
    await tie({ baseUrl: OLD })
    expect(await store.accounts.get('sales')).toEqual({
      account: 'sales',
      since: 5,
      routes: 'unified',
      chatwoot: { host: 'chat.example.com', accountId: 1 },
      at: 5,
    })
  })

  it.each([
    ['the same', { baseUrl: OLD }],
    ['in another spelling', { baseUrl: 'http://CHAT.example.com:80/' }],
    ['with another inbox', { baseUrl: OLD, inboxId: 7 }],
  ])('is used with that Chatwoot, %s', async (_, chatwoot) => {
    await tie({ baseUrl: OLD })
    await tie(chatwoot)
  })

  it.each([
    ['at another address', { baseUrl: 'https://new.example.com' }],
    ['at another port', { baseUrl: `${OLD}:3000` }],
    ['below a path', { baseUrl: `${OLD}/helpdesk` }],
    ['in another account', { baseUrl: OLD, accountId: 2 }],
    [
      'in another account at a new address',
      { baseUrl: 'https://new.example.com', accountId: 2, formerBaseUrl: OLD },
    ],
    [
      'at another address than the former',
      { baseUrl: 'https://new.example.com', formerBaseUrl: 'https://older.example.com' },
    ],
  ])('is not used with one %s', async (_, chatwoot) => {
    await tie({ baseUrl: OLD })
    await expect(tie(chatwoot)).rejects.toThrow(ConfigError)
    await expect(tie(chatwoot)).rejects.toThrow(/"sales".*chat\.example\.com, account 1.*new id/)
    await tie({ baseUrl: OLD })
  })

  it('moves along when the Chatwoot has moved', async () => {
    await tie({ baseUrl: OLD })
    const moved = { baseUrl: 'https://new.example.com', formerBaseUrl: OLD }
    await tie(moved)
    await tie(moved)
    await tie({ baseUrl: 'https://new.example.com' })
    await expect(tie({ baseUrl: OLD })).rejects.toThrow(ConfigError)
  })
})
