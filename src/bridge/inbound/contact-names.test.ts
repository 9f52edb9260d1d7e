import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { optionsSchema } from '../../config/options-schema.ts'
import { textsOf } from '../../content/locale/index.ts'
import { type AccountId, asId, type ChatId } from '../../kernel/ids.ts'
import { createChatwootClient } from '../../platforms/chatwoot/client.ts'
import { createFileStore } from '../../state/store/file-store.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { Chat, Store } from '../../state/store/types.ts'
import { createContactNames } from './known-names.ts'

const BASE = 'https://chat.example.com'
const SALES = asId<AccountId>('sales')
const CHAT = asId<ChatId>('pn:15550001111')
let dir: string
let store: Store

beforeEach(async () => {
  nock.disableNetConnect()
  dir = await mkdtemp(join(tmpdir(), 'names-'))
  store = await createFileStore({ dir })
})
afterEach(async () => {
  nock.cleanAll()
  nock.enableNetConnect()
  await store.close()
  await rm(dir, { recursive: true, force: true })
})

function account(contactNames: string): Account {
  const chatwoot = createChatwootClient({
    account: SALES,
    baseUrl: BASE,
    accountId: 1,
    apiAccessToken: 'token',
  })
  const options = optionsSchema.parse({ contactNames })
  return { id: SALES, options, texts: textsOf('en'), chatwoot } as Account
}

async function remember(fields: Partial<Chat> = {}) {
  await store.chats.put(storeKey.chat(SALES, CHAT), {
    account: SALES,
    chat: CHAT,
    inboxId: asId(3),
    contactId: asId(7),
    sourceId: asId('15550001111'),
    at: 1,
    ...fields,
  })
}

/** Chatwoot, where the contact has this name, or gets the other one. */
function chatwootHas(name: string, renamedTo?: string) {
  const chatwoot = nock(BASE)
  chatwoot.get('/api/v1/accounts/1/contacts/7').reply(200, { payload: { id: 7, name } })
  if (renamedTo === undefined) return chatwoot
  const renamed = { id: 7, name: renamedTo }
  chatwoot
    .put('/api/v1/accounts/1/contacts/7', { name: renamedTo })
    .reply(200, { payload: renamed })
  return chatwoot
}

const offer = (option: string, name: string) =>
  createContactNames({ store }).offer(account(option), CHAT, name)

describe('a name that WhatsApp tells', () => {
  it.each([
    ['replaces our own', 'if-unset', 'Maria', { nameSet: 'Maria' }, 'Maria L.'],
    ['replaces a number', 'if-unset', '+15550001111', {}, 'Maria L.'],
    ['replaces a number as people write it', 'if-unset', '+1 (555) 000-1111', {}, 'Maria L.'],
    ['replaces nothing', 'if-unset', '', {}, 'Maria L.'],
    ['replaces a stand-in', 'if-unset', 'WhatsApp group', {}, 'Maria L.'],
    ["leaves an agent's", 'if-unset', 'Ms Lopez', { nameSet: 'Maria' }, undefined],
    ['leaves one that was there before us', 'if-unset', 'Ms Lopez', {}, undefined],
    ['is always followed', 'always', 'Ms Lopez', { nameSet: 'Maria' }, 'Maria L.'],
    ['is never followed', 'never', '+15550001111', {}, undefined],
    ['is there already', 'always', 'Maria L.', {}, undefined],
  ])('%s (%s)', async (_what, option, current, fields, expected) => {
    await remember(fields)
    const chatwoot = chatwootHas(current, expected)
    await offer(option, 'Maria L.')
    expect(chatwoot.isDone()).toBe(option !== 'never')
  })

  it('is looked up once, not with every message', async () => {
    await remember()
    const first = chatwootHas('Ms Lopez')
    await offer('if-unset', 'Maria L.')
    expect(first.isDone()).toBe(true)
    // Net is off, so another look would throw.
    await offer('if-unset', 'Maria L.')
    const second = chatwootHas('Ms Lopez')
    await offer('if-unset', 'Maria Lopez')
    expect(second.isDone()).toBe(true)
  })

  it('is nothing for a contact that was deleted in Chatwoot, and passes other trouble on', async () => {
    await remember()
    nock(BASE).get('/api/v1/accounts/1/contacts/7').reply(404, { error: 'not found' })
    await expect(offer('if-unset', 'Maria L.')).resolves.toBeUndefined()
    nock(BASE).get('/api/v1/accounts/1/contacts/7').reply(503, 'Busy')
    await expect(offer('if-unset', 'Maria L.')).rejects.toThrow()
  })
})
