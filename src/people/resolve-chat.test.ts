import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createJournal } from '../bridge/sends/journal.ts'
import {
  type AccountId,
  asId,
  type ChatId,
  type ConversationId,
  type MessageId,
} from '../kernel/ids.ts'
import { storeKey } from '../state/store/keys.ts'
import type { Peer } from './contacts.ts'
import { type Conversations, createConversations, type OpenChat } from './conversations.ts'
import { aliasesOf, createPeople, type People } from './people.ts'
import { createResolveChat, type ResolveChat } from './resolve-chat.ts'
import { startPlatforms, type TestPlatforms } from './testing.ts'

const PHONE = '15550001111'
const LID = '189975000000001'
const PN_CHAT = asId<ChatId>(`pn:${PHONE}`)
const LID_CHAT = asId<ChatId>(`lid:${LID}`)

let world: TestPlatforms
let people: People
let conversations: Conversations
let resolveChat: ResolveChat
beforeEach(async () => {
  world = await startPlatforms()
  const deps = { store: world.store, clock: { now: () => 1 } }
  people = createPeople({ ...deps, own: undefined })
  conversations = createConversations(deps)
  resolveChat = createResolveChat({ people, ...deps })
})
afterEach(() => world.close())

const byPhone: Peer = { address: { kind: 'phone', digits: PHONE }, phone: PHONE, name: 'Maria' }
const byLid: Peer = { address: { kind: 'lid', id: LID }, lid: LID, name: 'Maria' }
const byBoth: Peer = { ...byLid, phone: PHONE }

/** What the handler does for one incoming message. */
async function hear(peer: Peer): Promise<OpenChat> {
  const chat = await resolveChat(world.account, peer)
  const open = await conversations.ensure(world.account, chat, async () => peer)
  const draft = { content: 'Hello', messageType: 'incoming' } as const
  await world.account.chatwoot.messages.create(open.conversationId, draft)
  return open
}

const contacts = () => world.chatwoot.contacts()
const record = (chat: ChatId) => world.store.chats.get(storeKey.chat(world.account.id, chat))

/** Everything the merge is about, however it came to be so. */
async function outcome() {
  return {
    contacts: contacts().map(({ phoneNumber, name }) => ({ phoneNumber, name })),
    owners: [...new Set(world.chatwoot.conversations().map(({ contactId }) => contactId))],
    mine: await record(PN_CHAT),
    theirs: await record(LID_CHAT),
    lid: await people.find(world.account.id, byLid),
    phone: await people.find(world.account.id, byPhone),
  }
}

describe('what is learned about one chat', () => {
  it('writes a number that turns up to the contact without one', async () => {
    const first = await hear(byLid)
    expect(contacts()[0]).toMatchObject({ phoneNumber: null })
    const second = await hear(byBoth)
    expect(second).toMatchObject({ chat: LID_CHAT, phone: PHONE, lid: LID })
    expect(second.conversationId).toBe(first.conversationId)
    expect(contacts()).toMatchObject([{ phoneNumber: `+${PHONE}` }])
  })

  it('merges with a contact of that number which no chat knows', async () => {
    await hear(byLid)
    const made = await world.account.chatwoot.contacts.create({
      name: 'By an agent',
      phoneNumber: `+${PHONE}`,
    })
    const open = await hear(byBoth)
    expect(open.contactId).toBe(made.contact.id)
    expect(contacts()).toMatchObject([{ id: made.contact.id, name: 'By an agent' }])
    expect(world.chatwoot.conversations()).toMatchObject([{ contactId: made.contact.id }])
  })

  it('costs nothing when it is known already', async () => {
    await hear(byBoth)
    const before = world.chatwoot.calls.length
    await hear(byBoth)
    await hear(byLid)
    await hear(byPhone)
    expect(world.chatwoot.calls.length - before).toBe(3)
  })

  it('keeps a number the contact has, and WhatsApp’s own spelling for sending', async () => {
    const dialled: Peer = { address: { kind: 'phone', digits: '5511987654321' }, name: 'Maria' }
    await hear({ ...dialled, phone: '5511987654321' })
    const open = await hear({ ...dialled, phone: '551187654321', lid: LID })
    expect(open).toMatchObject({ chat: 'pn:5511987654321', phone: '551187654321', lid: LID })
    expect(contacts()).toMatchObject([{ phoneNumber: '+5511987654321' }])
    // The echo of a send to the dialled number says nothing about WhatsApp's spelling.
    const echo = await hear({ ...dialled, phone: '5511987654321' })
    expect(echo).toMatchObject({ phone: '551187654321' })
  })
})

describe('two chats of one person', () => {
  it('become one, with the number’s contact and the conversation used last', async () => {
    await hear(byPhone)
    const other = await hear(byLid)
    expect(contacts()).toHaveLength(2)
    const open = await hear(byBoth)
    expect(open).toMatchObject({
      chat: PN_CHAT,
      phone: PHONE,
      lid: LID,
      conversationId: other.conversationId,
      sourceId: `lid-${LID}`,
      contactId: contacts()[0]!.id,
    })
    expect(await outcome()).toEqual({
      contacts: [{ phoneNumber: `+${PHONE}`, name: 'Maria' }],
      owners: [contacts()[0]!.id],
      mine: expect.objectContaining({ conversationId: other.conversationId }),
      theirs: undefined,
      lid: PN_CHAT,
      phone: PN_CHAT,
    })
  })

  it('become one whichever was first, the older conversation when it was used last', async () => {
    const first = await hear(byLid)
    const second = await hear(byPhone)
    await hear(byLid)
    const open = await hear(byBoth)
    expect(second.conversationId).not.toBe(first.conversationId)
    expect(open.conversationId).toBe(first.conversationId)
    expect(contacts()).toMatchObject([{ id: second.contactId, phoneNumber: `+${PHONE}` }])
  })

  it('keep the name an agent gave to the contact that stays', async () => {
    const { contactId } = await hear(byPhone)
    await hear(byLid)
    world.chatwoot.agent().renameContact(contactId, 'Maria Souza')
    await hear(byBoth)
    expect(contacts()).toMatchObject([{ name: 'Maria Souza' }])
  })

  it('are merged in Chatwoot by an agent first', async () => {
    const mine = await hear(byPhone)
    const theirs = await hear(byLid)
    world.chatwoot.agent().mergeContacts(theirs.contactId, mine.contactId)
    const open = await hear(byBoth)
    expect(open.contactId).toBe(theirs.contactId)
    expect(contacts()).toHaveLength(1)
  })

  it('stay two when agents gave the contacts different numbers', async () => {
    await hear(byPhone)
    const theirs = await hear(byLid)
    await world.account.chatwoot.contacts.update(theirs.contactId, { phoneNumber: '+15550009999' })
    const open = await hear(byBoth)
    expect(open.contactId).not.toBe(theirs.contactId)
    expect(contacts()).toHaveLength(2)
    expect(await record(LID_CHAT)).toMatchObject({ conversationId: theirs.conversationId })
  })

  it('stay two when the LID belongs to another number by now', async () => {
    await hear(byBoth)
    const moved = '15550002222'
    const next: Peer = { address: { kind: 'phone', digits: moved }, phone: moved, name: 'Maria' }
    const open = await hear(next)
    await hear({ ...next, lid: LID })
    expect(contacts()).toHaveLength(2)
    expect(await record(PN_CHAT)).toMatchObject({ phone: PHONE })
    expect(await people.find(world.account.id, byLid)).toBe(open.chat)
  })

  it('stay two when the LID moved to another number, though Chatwoot shows neither', async () => {
    await hear(byLid)
    const mine = await hear(byBoth)
    expect(mine).toMatchObject({ chat: LID_CHAT, phone: PHONE })
    const moved = '15550002222'
    const paul: Peer = { address: { kind: 'phone', digits: moved }, phone: moved, name: 'Paul' }
    const theirs = await hear(paul)
    for (const { contactId } of [mine, theirs]) {
      await world.account.chatwoot.contacts.update(contactId, { phoneNumber: '' })
    }
    const open = await hear({ ...paul, lid: LID })
    expect(open).toMatchObject({ chat: theirs.chat, conversationId: theirs.conversationId })
    expect(contacts()).toHaveLength(2)
    expect(world.chatwoot.conversations().map(({ contactId }) => contactId)).toEqual([
      mine.contactId,
      theirs.contactId,
    ])
    expect(await record(LID_CHAT)).toMatchObject({ phone: PHONE, contactId: mine.contactId })
  })

  it('become one also when the other contact or its conversation is gone', async () => {
    const mine = await hear(byPhone)
    const theirs = await hear(byLid)
    world.chatwoot.agent().deleteContact(theirs.contactId)
    const open = await hear(byBoth)
    expect(open).toMatchObject({
      contactId: mine.contactId,
      conversationId: mine.conversationId,
      lid: LID,
    })
    expect(await record(LID_CHAT)).toBeUndefined()
  })

  it('hand over sends whose echo is still to come', async () => {
    await hear(byPhone)
    await hear(byLid)
    const journal = createJournal({ store: world.store, clock: { now: () => 1 } })
    const { id } = world.account
    await journal.begin({
      account: id,
      chat: LID_CHAT,
      conversationId: asId<ConversationId>(2),
      messageId: asId<MessageId>(77),
      part: 0,
      fingerprint: 'print',
    })
    await resolveChat(world.account, byBoth)
    expect(await journal.openIn(id, LID_CHAT, 1)).toEqual([])
    expect(await journal.openIn(id, PN_CHAT, 1)).toMatchObject([
      { messageId: 77, state: 'sending' },
    ])
  })

  it('never reach into another account', async () => {
    await hear(byPhone)
    const support = { ...world.account, id: asId<AccountId>('support') }
    await resolveChat(support, byBoth)
    expect(await people.find(world.account.id, byLid)).toBeUndefined()
    expect(await record(PN_CHAT)).not.toHaveProperty('lid')
  })
})

describe('a merge that is interrupted', () => {
  const steps = [
    ['GET', 'the contact with the number'],
    ['GET', 'the contact with the LID'],
    ['POST', '/actions/contact_merge'],
    ['GET', '/conversations'],
  ] as const
  const kinds = ['html', 'drop-after'] as const
  const cases = steps.flatMap(([method, path]) => kinds.map((kind) => ({ method, path, kind })))

  it.each(cases)('is done by the next attempt: $kind of $method $path', async (fault) => {
    const mine = await hear(byPhone)
    const { conversationId, contactId } = await hear(byLid)
    const paths: Record<string, string> = {
      'the contact with the number': `/contacts/${mine.contactId}`,
      'the contact with the LID': `/contacts/${contactId}`,
    }
    const path = paths[fault.path] ?? fault.path
    world.chatwoot.faults.add({ ...fault, path, times: 1 })
    await expect(resolveChat(world.account, byBoth)).rejects.toThrow()
    await resolveChat(world.account, byBoth)
    expect(await outcome()).toMatchObject({
      contacts: [{ phoneNumber: `+${PHONE}` }],
      mine: { conversationId, lid: LID, phone: PHONE },
      theirs: undefined,
      lid: PN_CHAT,
    })
  })

  it.each(['put', 'delete', 'update'] as const)(
    'is done by the next attempt: the store fails to %s',
    async (operation) => {
      await hear(byPhone)
      const { conversationId } = await hear(byLid)
      vi.spyOn(world.store.chats, operation).mockRejectedValueOnce(new Error('The disk is full'))
      await expect(resolveChat(world.account, byBoth)).rejects.toThrow('disk')
      await resolveChat(world.account, byBoth)
      expect(await outcome()).toMatchObject({
        contacts: [{ phoneNumber: `+${PHONE}` }],
        mine: { conversationId, lid: LID, phone: PHONE },
        theirs: undefined,
      })
    },
  )

  it('comes to the same when two lanes do it at once', async () => {
    await hear(byPhone)
    const { conversationId } = await hear(byLid)
    await Promise.all([resolveChat(world.account, byBoth), resolveChat(world.account, byBoth)])
    expect(await outcome()).toMatchObject({
      contacts: [{ phoneNumber: `+${PHONE}` }],
      mine: { conversationId, lid: LID, phone: PHONE },
      theirs: undefined,
    })
  })
})

describe('any order of learning', () => {
  const sighting = fc.record({
    person: fc.nat(2),
    by: fc.constantFrom<'phone' | 'variant' | 'lid' | 'both'>('phone', 'variant', 'lid', 'both'),
  })
  const seen = ({ person, by }: { person: number; by: string }): Peer => {
    const phone = `5511${by === 'variant' ? '' : '9'}8765432${person}`
    const lid = `18997500000000${person}`
    const name = `Person ${person}`
    if (by === 'lid') return { address: { kind: 'lid', id: lid }, lid, name }
    const address = { kind: 'phone', digits: phone } as const
    return by === 'both' ? { address, phone, lid, name } : { address, phone, name }
  }

  it('ends with one contact per person, who has all that the person ever wrote', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sighting, { maxLength: 12 }), async (all) => {
        const wrote = new Map<number, number[]>()
        const persons = [...new Set(all.map(({ person }) => person))]
        const last = persons.map((person) => ({ person, by: 'both' as const }))
        for (const each of [...all, ...last]) {
          const { conversationId } = await hear(seen(each))
          wrote.set(each.person, [...(wrote.get(each.person) ?? []), conversationId])
        }
        expect(contacts()).toHaveLength(persons.length)
        for (const { id, name } of contacts()) {
          const owned = world.chatwoot.conversations().filter(({ contactId }) => contactId === id)
          const person = Number(name.at(-1))
          expect(new Set(owned.map((each) => each.id))).toEqual(new Set(wrote.get(person)))
        }
        for (const { id } of contacts()) world.chatwoot.agent().deleteContact(id)
        await forgetAll(persons)
      }),
      { numRuns: 20 },
    )
  }, 30_000)

  /** For the next run: nobody was ever met. */
  async function forgetAll(persons: number[]): Promise<void> {
    const forms = ['phone', 'variant', 'lid'] as const
    for (const person of persons) {
      for (const name of forms.flatMap((by) => aliasesOf(seen({ person, by })))) {
        await world.store.aliases.delete(storeKey.alias(world.account.id, name))
        await world.store.chats.delete(storeKey.chat(world.account.id, asId<ChatId>(name)))
      }
    }
  }
})
