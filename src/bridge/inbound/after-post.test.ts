import { expect, it, vi } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { asId, type ChatId, type KeyId } from '../../kernel/ids.ts'
import { createAfterPost } from './after-post.ts'

const CHAT = asId<ChatId>('pn:15550001111')

function setUp() {
  const profiles = { offerName: vi.fn(), askPicture: vi.fn() }
  const deps = {
    people: { resolve: vi.fn() },
    names: { learn: vi.fn(), find: vi.fn() },
    unread: { add: vi.fn() },
    profiles,
  }
  const afterPost = createAfterPost(deps as unknown as Parameters<typeof createAfterPost>[0])
  const account = { id: 'sales' } as unknown as Account
  const who = { address: { kind: 'phone', digits: '15550001111' }, phone: '15550001111' } as const
  const content = { kind: 'text', text: 'Hello' } as const
  const incoming = { id: asId<KeyId>('3EB01'), who, fromMe: false, message: { content } }
  const hear = (isNew: boolean) =>
    afterPost.of(account, { incoming, who, chat: CHAT, isNew, receivedAt: 0 })
  return { account, profiles, hear }
}

it('asks for the picture of a chat that is new', async () => {
  const { account, profiles, hear } = setUp()
  await hear(true)
  expect(profiles.askPicture.mock.calls).toEqual([[account, CHAT]])
})

it('does not ask for a picture with every message of a chat that is known', async () => {
  const { profiles, hear } = setUp()
  await hear(false)
  await hear(false)
  expect(profiles.askPicture).not.toHaveBeenCalled()
})
