import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asId, type ChatId, type ContactId, type InboxId } from '../kernel/ids.ts'
import { storeKey } from '../state/store/keys.ts'
import type { Peer } from './contacts.ts'
import { type Conversations, createConversations } from './conversations.ts'
import { startPlatforms, type TestPlatforms } from './testing.ts'

const CHAT = asId<ChatId>('pn:15550001111')
const LID = '189975000000001'
const byLid: Peer = { address: { kind: 'lid', id: LID }, lid: LID, name: 'Maria' }
const byBoth: Peer = { ...byLid, phone: '15550001111' }

let world: TestPlatforms
let conversations: Conversations
beforeEach(async () => {
  world = await startPlatforms()
  conversations = createConversations({ store: world.store, clock: { now: () => 1 } })
})
afterEach(() => world.close())

const ensure = (peer: Peer) => conversations.ensure(world.account, CHAT, async () => peer)
const known = () => conversations.get(world.account.id, CHAT)

/** The conversation as Chatwoot tells it by now. */
async function told(contactId: ContactId) {
  const [conversation] = await world.account.chatwoot.contacts.conversations(contactId)
  return conversation!
}

describe('a conversation whose contact an agent merged into another', () => {
  it.each([
    ['an event of the conversation', 'heard'],
    ['a message in it', 'byConversation'],
  ] as const)('is followed after %s', async (_, way) => {
    const open = await ensure(byBoth)
    const { contact } = await world.account.chatwoot.contacts.create({ name: 'Kept' })
    world.chatwoot.agent().mergeContacts(contact.id, open.contactId)
    const found = await conversations[way](world.account.id, await told(contact.id))
    if (way === 'byConversation') expect(found).toMatchObject({ contactId: contact.id })
    expect(await known()).toEqual({ ...open, contactId: contact.id })
  })

  it('is not mistaken for another conversation', async () => {
    const open = await ensure(byBoth)
    const stranger = await world.account.chatwoot.contacts.create({ name: 'Stranger' })
    const conversation = await told(open.contactId)
    const id = asId<typeof open.conversationId>(open.conversationId + 1)
    await conversations.heard(world.account.id, { ...conversation, id, contact: stranger.contact })
    expect(await known()).toEqual(open)
  })
})

describe('a conversation of another inbox', () => {
  it('is not taken for the one that has its numbers here', async () => {
    const open = await ensure(byBoth)
    const { contact } = await world.account.chatwoot.contacts.create({ name: 'Paul' })
    const inboxId = asId<InboxId>(open.inboxId + 1)
    const elsewhere = {
      ...(await told(open.contactId)),
      inboxId,
      contact,
      status: 'resolved' as const,
    }
    expect(await conversations.byConversation(world.account.id, elsewhere)).toBeUndefined()
    await conversations.heard(world.account.id, elsewhere)
    expect(await known()).toEqual(open)
  })
})

describe('a contact that was deleted', () => {
  it('comes back with everything known of the person, whatever the message tells', async () => {
    const open = await ensure(byBoth)
    world.chatwoot.agent().deleteContact(open.contactId)
    await conversations.forget(world.account.id, CHAT, open.conversationId)
    const next = await ensure(byLid)
    expect(next).toMatchObject({ phone: '15550001111', lid: LID })
    expect(world.chatwoot.contacts()).toMatchObject([
      { id: next.contactId, phoneNumber: '+15550001111' },
    ])
  })
})

describe('a crash between making a contact and remembering it', () => {
  it('does not make a second one, although the next message names the LID alone', async () => {
    const open = await ensure(byBoth)
    await world.store.chats.delete(storeKey.chat(world.account.id, CHAT))
    const next = await ensure(byLid)
    expect(next).toMatchObject({
      contactId: open.contactId,
      conversationId: open.conversationId,
      phone: '15550001111',
    })
    expect(world.chatwoot.contacts()).toHaveLength(1)
    expect(world.chatwoot.conversations()).toHaveLength(1)
  })
})
