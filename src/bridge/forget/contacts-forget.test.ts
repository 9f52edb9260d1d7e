import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type AccountId, asId, type ChatId, type ContactId, type KeyId } from '../../kernel/ids.ts'
import { createFileStore } from '../../state/store/file-store.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { Chat, InboundLink, Store } from '../../state/store/types.ts'
import { type ContactsForgetDeps, createContactsForget } from './contacts-forget.ts'
import type { Wanted } from './person.ts'

const SALES = asId<AccountId>('sales')
const CHAT = asId<ChatId>('lid:189975000000143')
const CONTACT = asId<ContactId>(7)
const DIGITS = '12025550143'
const BY_NUMBER: Wanted = {
  who: { address: { kind: 'phone', digits: DIGITS }, phone: DIGITS },
}
const BY_CONTACT: Wanted = { contact: CONTACT }

let dir: string
let store: Store
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'forget-'))
  store = await createFileStore({ dir })
  // First met under a LID, then under the number as well.
  for (const name of [CHAT, `pn:${DIGITS}`]) {
    await store.aliases.put(storeKey.alias(SALES, name), { account: SALES, chat: CHAT, at: 1 })
  }
  const chat = { account: SALES, chat: CHAT, contactId: CONTACT, phone: DIGITS, at: 1 } as Chat
  await store.chats.put(storeKey.chat(SALES, CHAT), chat)
  const keyId = asId<KeyId>('3EB0PICTURE')
  const link = { direction: 'in', account: SALES, chat: CHAT, keyId, at: 1 } as InboundLink
  await store.links.put(storeKey.inboundLink(SALES, keyId), link)
})
afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true })
})

/** A Redis that knows these keys. */
function redisWith(values: Record<string, string>) {
  const deleted: string[] = []
  const redis = {
    scan: async () => ['0', Object.keys(values).filter((key) => !deleted.includes(key))],
    mget: async (keys: string[]) => keys.map((key) => values[key] ?? null),
    del: async (...keys: string[]) => void deleted.push(...keys),
  }
  return { redis: redis as unknown as Redis, deleted }
}

function forgetIn(given: Partial<ContactsForgetDeps> = {}) {
  return createContactsForget({
    store,
    redis: redisWith({}).redis,
    prefix: 'b:',
    lanes: {
      page: async () => ({ lanes: [], cursor: '0' }),
      entries: async () => [],
      remove: async () => false,
    },
    failures: { list: async () => ({ failures: [] }), remove: async () => true },
    openLids: { among: async () => [], close: async () => {} },
    isSpooling: () => false,
    forgetLane: async () => {},
    rewriteFiles: async () => {},
    ...given,
  })
}

it.each([
  ['the number', BY_NUMBER],
  ['the contact', BY_CONTACT],
])('by %s finds the rest when it was interrupted', async (_, wanted) => {
  for (const collection of ['links', 'chats', 'aliases'] as const) {
    const broken = {
      ...store,
      [collection]: {
        ...store[collection],
        erase: async () => {
          throw new Error('The process ends here.')
        },
      },
    }
    await expect(forgetIn({ store: broken }).erase(SALES, wanted)).rejects.toThrow('ends here')
  }
  await forgetIn().erase(SALES, wanted)
  const left = [store.links, store.chats, store.aliases].map((each) => each.count())
  expect(await Promise.all(left)).toEqual([0, 0, 0])
})

it('takes what Redis holds of them along, and nothing of another account or person', async () => {
  const theirs = {
    [`b:unread:sales:pn:${DIGITS}`]: '',
    [`b:throttle:typing:sales:${DIGITS}@s.whatsapp.net`]: '1',
    'b:last-lane:sales:12': CHAT,
    'b:twin:sales:3EB0PICTURE': '{}',
  }
  const others = {
    [`b:unread:sales-2:pn:${DIGITS}`]: '',
    [`b:bull:lanes-in:de:in:sales-2:pn:${DIGITS}`]: '5',
    [`b:unread:sales:pn:${DIGITS}7`]: '',
    'b:last-lane:sales:13': 'pn:12025550144',
    'b:last-lane:sales-2:12': CHAT,
    'b:twin:sales:3EB0OTHER': '{}',
    'b:twin:sales-2:3EB0PICTURE': '{}',
    'b:claim:sales:3EB0PICTURE': 'entry',
  }
  const { redis, deleted } = redisWith({ ...theirs, ...others })
  await forgetIn({ redis }).erase(SALES, BY_NUMBER)
  expect(deleted.sort()).toEqual(Object.keys(theirs).sort())
})
