import { describe, expect, it } from 'vitest'
import { arrived, quoting } from './support/arrived.ts'
import { type Customer, newCustomer, ownWorld, useWorld } from './support/use-world.ts'
import type { World } from './support/world.ts'

const READ = '/messages/read'
const PRESENCE = '/send-presence-update'

const shared = useWorld()
let world: World
let maria: Customer
/** The conversation with her. */
let chat: number
/** How much there was of the world before her. */
let before: { contacts: number; reads: number; presences: number }

function meet(given: World) {
  world = given
  before = {
    contacts: world.chatwoot.contacts().length,
    reads: world.wasender.countOf(READ),
    presences: world.wasender.countOf(PRESENCE),
  }
  maria = newCustomer(world)
}

/** With options of its own in a world of its own. */
const open = async (options?: Record<string, unknown>) => {
  meet(options === undefined ? shared() : await ownWorld({ options }))
  const hello = await arrived(world, maria.sendText('Hello').keyId)
  chat = hello.conversationId
  return hello
}
const marker = async () => {
  await arrived(world, maria.sendText('marker').keyId)
  await world.chatwoot.settled()
}
const lastSeenCalls = () =>
  world.chatwoot.countOf({ path: new RegExp(`conversations/${chat}/update_last_seen$`) })
const contacts = () => world.chatwoot.contacts().slice(before.contacts)
const contact = () => contacts()[0]!
const shown = () => world.chatwoot.messages(chat)

describe('a call', () => {
  const calls = () => shown().filter(({ content }) => /call/i.test(content ?? ''))

  it('is one line, whatever follows under its id', async () => {
    await open()
    const id = await maria.call({}, { events: ['call', 'call.received'] })
    for (const status of ['ringing', 'timeout', 'terminate']) await maria.call({ id, status })
    await marker()
    expect(calls()).toHaveLength(1)
    await maria.call({ isVideo: true }, { addressing: 'lid' })
    await world.chatwoot.waitFor(() => calls().length === 2)
    expect(calls()[1]?.content).toMatch(/video/i)
    expect(contacts()).toHaveLength(1)
  })

  it('is nothing by option', async () => {
    await open({ calls: 'ignore' })
    await maria.call()
    await marker()
    expect(calls()).toEqual([])
  })
})

describe('reading on the phone', () => {
  it('clears the badge once everything was read', async () => {
    const hello = await open()
    const second = maria.sendText('Anyone?')
    await arrived(world, second.keyId)
    await world.wasender.owner.read(String(hello.sourceId))
    await world.wasender.owner.read(second.keyId, { update: 'nested', addressing: 'lid' })
    await world.chatwoot.waitFor(
      () => world.chatwoot.conversations().find(({ id }) => id === chat)?.agentLastSeenAt,
    )
    await world.wasender.owner.read(second.keyId)
    await marker()
    expect(lastSeenCalls()).toBe(1)
  })

  it('is understood from the chat having nothing unread, too', async () => {
    await open()
    const emit = (unreadCount: number) =>
      world.wasender.emit(1, 'chats.update', [{ id: `${maria.lid}@lid`, unreadCount }])
    await emit(1)
    await marker()
    expect(lastSeenCalls()).toBe(0)
    await emit(0)
    await world.chatwoot.waitFor(() => lastSeenCalls() === 1)
    await emit(0)
    await marker()
    expect(lastSeenCalls()).toBe(1)
  })
})

describe('an answer', () => {
  const marked = () =>
    world.wasender
      .callsTo(READ)
      .slice(before.reads)
      .map(({ body }) => (body as { key: unknown }).key)

  it('gives blue ticks to what was unread, with the keys as they came', async () => {
    meet(shared())
    const { keyId: first } = maria.sendText('One', { addressing: 'lid' })
    chat = (await arrived(world, first)).conversationId
    const { keyId: second } = maria.sendText('Two', { addressing: 'pn' })
    await arrived(world, second)
    await world.chatwoot.agent().reply(chat, 'Three')
    await world.wasender.waitFor(() => marked().length >= 2)
    expect(marked()).toEqual([
      { id: first, remoteJid: `${maria.lid}@lid`, fromMe: false },
      { id: second, remoteJid: maria.jid, fromMe: false },
    ])
    await world.chatwoot.agent().reply(chat, 'Four')
    await world.wasender.waitFor(() => world.wasender.inbox(maria.phone).at(-1)?.text === 'Four')
    await marker()
    expect(marked()).toHaveLength(2)
  })

  it('gives none by option, and none when the gateway refuses them', async () => {
    await open({ readReceipts: 'off' })
    await world.chatwoot.agent().reply(chat, 'Silent')
    await world.wasender.waitFor(() => world.wasender.inbox(maria.phone)[0])
    await marker()
    expect(marked()).toEqual([])
    await open({})
    world.wasender.faults.add({ kind: 'answer', status: 422, path: '/messages/read' })
    const reply = await world.chatwoot.agent().reply(chat, 'Refused')
    await world.wasender.waitFor(() => marked().length === 1)
    await world.chatwoot.waitFor(
      () => shown().find(({ id }) => id === reply.id)?.status === 'delivered',
    )
  })
})

describe('typing', () => {
  const states = () =>
    world.wasender
      .callsTo(PRESENCE)
      .slice(before.presences)
      .map(({ body }) => body as { jid: string; type: string })

  it('is shown at most every 3 s, ended at once, and private notes stay private', async () => {
    await open()
    const ana = world.chatwoot.agent()
    ana.type(chat, { private: true })
    for (let times = 0; times < 4; times += 1) ana.type(chat)
    await world.chatwoot.settled()
    ana.type(chat, { private: true, status: 'off' })
    ana.type(chat, { status: 'off' })
    await world.wasender.waitFor(() => states().length >= 2)
    await world.chatwoot.settled()
    expect(states().map(({ type }) => type)).toEqual(['composing', 'paused'])
    expect(new Set(states().map(({ jid }) => jid))).toEqual(new Set([maria.jid]))
  })

  it('is nothing by option', async () => {
    await open({ typing: false })
    world.chatwoot.agent().type(chat)
    await world.chatwoot.settled()
    await marker()
    expect(states()).toEqual([])
  })
})

describe("a contact's name", () => {
  const named = (name: string) => world.chatwoot.waitFor(() => contact().name === name)

  it('follows WhatsApp until an agent gives one', async () => {
    await open()
    expect(contact().name).toBe('Maria')
    await maria.rename('Maria L.')
    await named('Maria L.')
    await world.wasender.emit(1, 'contacts.upsert', [{ jid: maria.jid, name: 'Maria Lopez' }])
    await named('Maria Lopez')
    await maria.rename('mary ♥')
    await marker()
    expect(contact().name).toBe('Maria Lopez')
    world.chatwoot.agent().renameContact(contact().id, 'Ms Lopez')
    const looks = world.chatwoot.countOf({ method: 'GET', path: /contacts\/\d+$/ })
    await world.wasender.emit(1, 'contacts.update', [{ id: maria.jid, name: 'Maria Lopez-Diaz' }])
    await world.chatwoot.waitFor(
      () => world.chatwoot.countOf({ method: 'GET', path: /contacts\/\d+$/ }) > looks,
    )
    await marker()
    expect(contact().name).toBe('Ms Lopez')
  })

  it('takes the place of a number as soon as it is known', async () => {
    meet(shared())
    const nameless = { omit: ['pushName'] }
    await arrived(world, maria.sendText('Hello', nameless).keyId)
    expect(contact().name).toBe(maria.phone)
    await arrived(world, maria.sendText('It is me').keyId)
    await named('Maria')
  })

  it('is always followed, or never, by option', async () => {
    await open({ contactNames: 'always' })
    world.chatwoot.agent().renameContact(contact().id, 'Ms Lopez')
    await maria.rename('Maria L.')
    await named('Maria L.')
    await open({ contactNames: 'never' })
    await maria.rename('Maria L.')
    await marker()
    expect(contact().name).toBe('Maria')
  })

  it('of a stranger makes no contact', async () => {
    await open()
    const stranger = world.wasender.person({ phone: '+15550009999', name: 'Stranger' })
    await stranger.rename('Still a stranger')
    await marker()
    expect(contacts()).toHaveLength(1)
  })
})

describe("a contact's picture", () => {
  const PNG = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )

  async function hosted(): Promise<string> {
    const { wasender } = world
    const answer = await fetch(`${wasender.apiUrl}/upload`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${wasender.session().apiKey}`,
        'content-type': 'image/png',
      },
      body: PNG,
    })
    return ((await answer.json()) as { publicUrl: string }).publicUrl
  }

  it('is there with the first message, changes and goes away', async () => {
    meet(shared())
    maria.profile.imgUrl = await hosted()
    await arrived(world, maria.sendText('Hello').keyId)
    const first = await world.chatwoot.waitFor(() => contact().avatarBlobId)
    await maria.setPicture(undefined)
    await world.chatwoot.waitFor(() => contact().avatarBlobId === null)
    expect(first).toBeGreaterThan(0)
    expect(
      world.chatwoot.countOf({ method: 'PUT', path: new RegExp(`contacts/${contact().id}$`) }),
    ).toBe(1)
  })

  it('is not fetched from just anywhere', async () => {
    await open()
    const url = `${world.chatwoot.url}/avatar.png`
    await world.wasender.emit(1, 'contacts.update', [{ id: maria.jid, imgUrl: url }])
    await marker()
    expect(world.chatwoot.countOf({ path: /avatar\.png/ })).toBe(0)
    expect(contact().avatarBlobId).toBeNull()
  })
})

describe('votes in a poll', () => {
  it('that come together make few messages, and the last tells the tally', async () => {
    await open()
    const note = await world.chatwoot.agent().reply(chat, '!poll Lunch? | Pizza | Soup', {
      private: true,
    })
    const poll = await world.wasender.waitFor(() =>
      world.wasender.inbox(maria.phone).find(({ kind }) => kind === 'poll'),
    )
    for (let vote = 0; vote < 10; vote += 1) {
      await maria.vote(poll.keyId, [vote % 2 === 0 ? 'Soup' : 'Pizza']).delivered
    }
    await world.chatwoot.waitFor(() => tallies(note)[0], { timeoutMs: 15_000 })
    await marker()
    expect(tallies(note)).toHaveLength(1)
    expect(tallies(note)[0]).toMatch(/Pizza.*1[\s\S]*Soup.*0/)
  })

  const tallies = (note: Parameters<typeof quoting>[1]) =>
    quoting(world, note)
      .filter(({ messageType }) => messageType === 'incoming')
      .map(({ content }) => content)
})

describe('a message that cannot be decrypted', () => {
  const stub = { extra: { messageStubType: 2 } }

  it('comes through when its full version follows, without a word about it', async () => {
    await open()
    const empty = maria.sendRaw(undefined, stub)
    await empty.delivered
    await marker()
    maria.sendText('Here it is', { keyId: empty.keyId })
    expect((await arrived(world, empty.keyId)).content).toBe('Here it is')
  })

  it('is a note after a minute, and still comes through after that', async () => {
    await open({})
    const empty = maria.sendRaw(undefined, stub)
    const healed = maria.sendRaw(undefined, stub)
    await Promise.all([empty.delivered, healed.delivered])
    await world.bridge.kill()
    await world.restart()
    maria.sendText('In time', { keyId: healed.keyId })
    await arrived(world, healed.keyId)
    await world.bridge.stop()
    await world.restart(60_000)
    const isNote = ({ content }: { content: string | null }) => /decrypt/.test(content ?? '')
    await world.chatwoot.waitFor(() => world.chatwoot.allMessages().find(isNote), {
      timeoutMs: 20_000,
    })
    maria.sendText('Late', { keyId: empty.keyId })
    expect((await arrived(world, empty.keyId)).content).toBe('Late')
    await world.chatwoot.settled()
    expect(world.chatwoot.allMessages().filter(isNote)).toHaveLength(1)
  })
})

describe('what WhatsApp refused', () => {
  it.each([
    ['463', /may not start new chats/],
    ['999', /error 999/],
  ])('is told with the reason of error %s', async (code, reason) => {
    await open({})
    world.wasender.echo.acks = [2]
    const reply = await world.chatwoot.agent().reply(chat, 'Hi')
    const current = () => shown().find(({ id }) => id === reply.id)
    const refused = new Set<string>()
    // A customer's other address may be tried, and is refused as well.
    await expect
      .poll(async () => {
        for (const { keyId } of world.wasender.inbox(maria.phone)) {
          if (refused.has(keyId)) continue
          refused.add(keyId)
          await world.wasender.emit(1, 'messages.update', {
            update: { status: 0, messageStubParameters: [code] },
            key: { id: keyId, fromMe: true, remoteJid: maria.jid },
          })
        }
        return current()?.status
      })
      .toBe('failed')
    expect(current()?.contentAttributes.external_error).toMatch(reason)
  })
})

describe('housekeeping of WhatsApp', () => {
  it('never touches Chatwoot', async () => {
    await open({})
    await marker()
    const earlier = world.chatwoot.calls.length
    for (const [event, data] of housekeeping()) await world.wasender.emit(1, event, data)
    await marker()
    const since = world.chatwoot.calls.slice(earlier).map(({ method, path }) => `${method} ${path}`)
    expect(since).toEqual([`POST /api/v1/accounts/1/conversations/${chat}/messages`])
  })

  const housekeeping = (): [string, unknown][] => [
    ['chats.upsert', [{ id: maria.jid, name: 'Maria', unreadCount: 0 }]],
    ['chats.delete', [maria.jid]],
    ['chats.update', [{ id: maria.jid, archived: true, pinned: 1_784_402_765, muteEndTime: -1 }]],
    ['messages.update', { update: { starred: true }, key: { id: '3EB0Z', remoteJid: maria.jid } }],
    ['labels.edit', { id: '1', name: 'Paid', color: 2 }],
    ['labels.association', { type: 'add', association: { chatId: maria.jid, labelId: '1' } }],
    [
      'presence.update',
      { id: maria.jid, presences: { [maria.jid]: { lastKnownPresence: 'composing' } } },
    ],
    ['messages.delete', { jid: maria.jid, all: true }],
    [
      'contacts.upsert',
      Array.from({ length: 50 }, (_, n) => ({
        jid: `1555100${1000 + n}@s.whatsapp.net`,
        name: `N ${n}`,
      })),
    ],
    ['groups.upsert', [{ id: '1203@g.us', subject: 'New', participants: [] }]],
    ['qrcode.updated', { qr: '2@abc' }],
    [
      'messages.update',
      {
        update: { status: 4 },
        key: { id: '3EB0X', fromMe: false, remoteJid: '15557777777@s.whatsapp.net' },
      },
    ],
    [
      'messages.upsert',
      {
        messages: {
          key: { id: '3EB0Y', fromMe: false, remoteJid: maria.jid },
          message: { protocolMessage: { type: 5 } },
        },
      },
    ],
  ]
})
