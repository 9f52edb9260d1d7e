import type { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useRedis } from '../../test/support/use-redis.ts'
import { type AccountId, asId, type ChatId } from '../kernel/ids.ts'
import type { Who } from '../platforms/wasender/jid.ts'
import { storeKey } from '../state/store/keys.ts'
import type { Chat, Store } from '../state/store/types.ts'
import { createOpenLids, findOpenLids, followOpenLids, type OpenLids } from './open-lids.ts'
import { createPeople } from './people.ts'
import { createResolveChat } from './resolve-chat.ts'
import { startPlatforms, type TestPlatforms } from './testing.ts'

const SALES = asId<AccountId>('sales')
const PHONE = '12025550143'
const LID = '189975000000143'
const clock = { now: () => 1_784_402_766_500 }

let world: TestPlatforms
let redis: Redis
let openLids: OpenLids
let store: Store
useRedis((given) => {
  redis = given
})
beforeEach(async () => {
  await redis.flushall()
  world = await startPlatforms()
  openLids = createOpenLids({ redis, prefix: 'lids:', clock })
  store = followOpenLids(world.store, openLids)
})
afterEach(() => world.close())

const keyOf = (chat: string) => storeKey.chat(SALES, asId<ChatId>(chat))
const chatOf = (chat: string, more: Partial<Chat> = {}) =>
  ({ account: SALES, chat, inboxId: 1, contactId: 1, sourceId: 's', at: 1, ...more }) as Chat
const isOpen = async () => (await openLids.among(SALES, [LID])).length === 1

describe('a chat', () => {
  it('opens the LID of somebody without a number, and only that', async () => {
    await store.chats.put(keyOf(`pn:${PHONE}`), chatOf(`pn:${PHONE}`, { lid: LID }))
    await store.chats.put(keyOf('group:1203'), chatOf('group:1203'))
    await store.chats.put(keyOf(`lid:${LID}`), chatOf(`lid:${LID}`, { lid: LID, phone: PHONE }))
    expect(await openLids.count(SALES)).toBe(0)
    await store.chats.put(keyOf('lid:1899'), chatOf('lid:1899'))
    expect(await openLids.among(SALES, ['1899'])).toEqual(['1899'])
  })

  it.each([
    [
      'the number is learned',
      () => store.chats.update(keyOf(`lid:${LID}`), (chat) => chat && { ...chat, phone: PHONE }),
    ],
    [
      'it is written anew with the number',
      () => store.chats.put(keyOf(`lid:${LID}`), chatOf(`lid:${LID}`, { lid: LID, phone: PHONE })),
    ],
    ['it is deleted', () => store.chats.delete(keyOf(`lid:${LID}`))],
    ['it is erased', () => store.chats.erase(new Set([keyOf(`lid:${LID}`), keyOf('lid:nobody')]))],
  ])('closes it when %s', async (_, change) => {
    await store.chats.put(keyOf(`lid:${LID}`), chatOf(`lid:${LID}`, { lid: LID }))
    expect(await isOpen()).toBe(true)
    await change()
    expect(await isOpen()).toBe(false)
  })

  it('keeps it open while other things change, which costs nothing', async () => {
    await store.chats.put(keyOf(`lid:${LID}`), chatOf(`lid:${LID}`, { lid: LID }))
    const opened = vi.spyOn(redis, 'zadd')
    await store.chats.update(keyOf(`lid:${LID}`), (chat) => chat && { ...chat, nameSet: 'Maria' })
    await store.chats.update(keyOf('lid:nobody'), () => undefined)
    await store.chats.delete(keyOf(`lid:${LID}`), () => false)
    expect(opened).not.toHaveBeenCalled()
    expect(await isOpen()).toBe(true)
  })

  it('of two that turn out to be one closes it, though the number was first', async () => {
    const resolveChat = createResolveChat({
      people: createPeople({ store, clock, own: undefined }),
      store,
      clock,
    })
    const byLid: Who = { address: { kind: 'lid', id: LID }, lid: LID }
    const contact = await world.account.chatwoot.contacts.create({
      inboxId: world.account.inboxId,
      name: 'Maria',
    })
    const chat = await resolveChat(world.account, byLid)
    await store.chats.put(
      keyOf(chat),
      chatOf(chat, { lid: LID, contactId: contact.contact.id, inboxId: world.account.inboxId }),
    )
    expect(await isOpen()).toBe(true)
    await resolveChat(world.account, { ...byLid, phone: PHONE })
    expect(await isOpen()).toBe(false)
  })
})

describe('what an earlier release has stored', () => {
  it('is found once', async () => {
    const lids = Array.from(
      { length: 1_234 },
      (_, index) => `1899752${String(index).padStart(8, '0')}`,
    )
    await Promise.all(
      lids.map((lid) => world.store.chats.put(keyOf(`lid:${lid}`), chatOf(`lid:${lid}`))),
    )
    await world.store.chats.put(keyOf(`pn:${PHONE}`), chatOf(`pn:${PHONE}`))
    const found = vi.spyOn(world.store.chats, 'all')
    const find = () =>
      findOpenLids({ state: { redis, prefix: 'lids:' }, chats: world.store.chats, openLids })
    await find()
    expect(await openLids.count(SALES)).toBe(1_234)
    await find()
    expect(found).toHaveBeenCalledTimes(1)
  })
})
