import { describe, expect, it } from 'vitest'
import type { Message } from '../sandbox/chatwoot/types.ts'
import type { SayOptions } from '../sandbox/wasender/voice.ts'
import { arrived, quoting } from './support/arrived.ts'
import { type Customer, newCustomer, ownWorld, useWorld } from './support/use-world.ts'
import type { World } from './support/world.ts'

const shared = useWorld()
let world: World
let maria: Customer

/** Waits until whatever was said before is through, by something said behind it. */
async function settled(): Promise<void> {
  await arrived(world, maria.sendText('marker').keyId)
  await world.chatwoot.settled()
}

async function quotingOnce(message: Message): Promise<Message> {
  await world.chatwoot.waitFor(() => quoting(world, message)[0], { timeoutMs: 15_000 })
  await settled()
  expect(quoting(world, message)).toHaveLength(1)
  return quoting(world, message)[0] as Message
}

/** A webhook in a form of its own. */
async function post(body: object): Promise<number> {
  const answer = await fetch(`${world.bridge.url}/webhooks/wasender/sales`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-webhook-signature': world.wasender.session().webhookSecret,
    },
    body: JSON.stringify(body),
  })
  return answer.status
}

const upsert = (key: object, message: object, at: number) => ({
  event: 'messages.upsert',
  timestamp: at,
  data: { messages: { key, message, messageTimestamp: Math.floor(at / 1000) } },
})

const open = async (options?: Record<string, unknown>) => {
  world = options === undefined ? shared() : await ownWorld({ options })
  maria = newCustomer(world)
  return arrived(world, maria.sendText('Hello').keyId)
}

/** Every way a reaction is told; with several forms it comes as often. */
const REACTION_FORMS: [string, SayOptions][] = [
  ['a message', { events: ['messages.upsert'] }],
  ['an event of its own', { events: ['messages.reaction'] }],
  ['both', {}],
  ['both, by number', { addressing: 'pn' }],
]

describe('a reaction of a customer', () => {
  it.each(REACTION_FORMS)('quotes its message once when it comes as %s', async (_form, options) => {
    const hello = await open()
    await maria.react(String(hello.sourceId), '👍', options).delivered
    const reaction = await quotingOnce(hello)
    expect(reaction).toMatchObject({ messageType: 'incoming', private: false })
    expect(reaction.content).toContain('👍')
  })

  it('that is changed, taken back and given again is shown each time', async () => {
    const hello = await open()
    for (const emoji of ['👍', '❤️', '', '👍']) {
      await maria.react(String(hello.sourceId), emoji).delivered
      await settled()
    }
    const shown = quoting(world, hello).map(({ content }) => content)
    expect(shown).toHaveLength(4)
    expect(shown[0]).toBe(shown[3])
    expect(shown[1]).toContain('❤️')
    expect(shown[2]).not.toContain('👍')
  })

  it.each([
    ['a key of its own and no clock', { key: true, clock: false }],
    ['a clock and no key of its own', { key: false, clock: true }],
    ['neither', { key: false, clock: false }],
  ])('is shown once when its event has %s', async (_form, has) => {
    const hello = await open()
    const target = { id: String(hello.sourceId), fromMe: false, remoteJid: `${maria.lid}@lid` }
    const own = { ...target, id: `3EB0AAAAAAAAAAAAA${maria.phone.slice(-5)}` }
    const at = Date.now()
    const events = [
      upsert(own, { reactionMessage: { key: target, text: '👍', senderTimestampMs: at } }, at),
      {
        event: 'messages.reaction',
        timestamp: at,
        data: [
          {
            key: target,
            reaction: {
              text: '👍',
              key: has.key ? own : target,
              ...(has.clock ? { senderTimestampMs: at } : {}),
            },
          },
        ],
      },
    ]
    for (const event of [...events, ...events.toReversed()]) {
      expect(await post(event)).toBe(200)
      await settled()
    }
    expect(quoting(world, hello)).toHaveLength(1)
  })

  it("quotes an agent's message too", async () => {
    const hello = await open()
    const reply = await world.chatwoot.agent().reply(hello.conversationId, 'Good morning')
    const sent = await world.wasender.waitFor(() => world.wasender.inbox(maria.phone)[0])
    maria.react(sent.keyId, '🙏')
    expect((await quotingOnce(reply)).content).toContain('🙏')
  })

  it('is a private note or nothing, by option', async () => {
    const hello = await open({ reactions: 'private' })
    maria.react(String(hello.sourceId), '👍')
    expect(await quotingOnce(hello)).toMatchObject({ messageType: 'outgoing', private: true })
    const again = await open({ reactions: 'ignore' })
    await maria.react(String(again.sourceId), '👍').delivered
    await settled()
    expect(quoting(world, again)).toEqual([])
  })
})

const CHANGE_FORMS: [string, SayOptions][] = [
  ['as a message', { events: ['messages.upsert'] }],
  ['as a flat update', { events: ['messages.update'], update: 'flat' }],
  ['as a nested update', { events: ['messages.update'], update: 'nested' }],
  ['as a list of updates', { events: ['messages.update'], update: 'array' }],
  ['every way at once', {}],
  ['by number', { addressing: 'pn' }],
]

describe('an edit of a customer', () => {
  it.each(CHANGE_FORMS)('is shown once with its new text, told %s', async (_form, options) => {
    const hello = await open()
    await maria.edit(String(hello.sourceId), 'Hello *again*', options).delivered
    const edit = await quotingOnce(hello)
    expect(edit.messageType).toBe('incoming')
    expect(edit.content).toContain('Hello **again**')
    expect(
      world.chatwoot.messages(hello.conversationId).find(({ id }) => id === hello.id)?.content,
    ).toBe('Hello')
  })

  it('and another edit are two', async () => {
    const hello = await open()
    for (const text of ['Hello one', 'Hello two']) {
      await maria.edit(String(hello.sourceId), text).delivered
      await settled()
    }
    expect(quoting(world, hello).map(({ content }) => content?.slice(-9))).toEqual([
      'Hello one',
      'Hello two',
    ])
  })

  it('back to an earlier wording is shown each time', async () => {
    const hello = await open()
    for (const text of ['Hello one', 'Hello two', 'Hello one']) {
      await maria.edit(String(hello.sourceId), text).delivered
      await settled()
    }
    expect(quoting(world, hello)).toHaveLength(3)
  })

  it('overtaking its message waits for it', async () => {
    await open()
    const keyId = '3EB0FFFFFFFFFFFFFFFFFF'
    await maria.edit(keyId, 'Better', { events: ['messages.update'] }).delivered
    await settled()
    maria.sendText('Worse', { keyId })
    const worse = await arrived(world, keyId)
    expect((await quotingOnce(worse)).content).toContain('Better')
  })

  it('of a message the bridge never saw is shown by itself after a while', async () => {
    await open()
    await maria.edit('3EB0EEEEEEEEEEEEEEEEEE', 'Out of nowhere').delivered
    await settled()
    const edit = await world.chatwoot.waitFor(
      () => world.chatwoot.allMessages().find((one) => one.content?.includes('Out of nowhere')),
      { timeoutMs: 20_000 },
    )
    expect(edit.contentAttributes.in_reply_to ?? null).toBeNull()
  })
})

const DELETION_FORMS: [string, SayOptions][] = [
  ...CHANGE_FORMS,
  ['as a deletion', { events: ['messages.delete'] }],
  ['all three ways', { events: ['messages.delete', 'messages.update', 'messages.upsert'] }],
]

describe('a deletion by a customer', () => {
  it.each(DELETION_FORMS)('is one line that keeps the text, told %s', async (_form, options) => {
    const hello = await open()
    await maria.revoke(String(hello.sourceId), options).delivered
    expect(await quotingOnce(hello)).toMatchObject({ messageType: 'incoming' })
    expect(
      world.chatwoot.messages(hello.conversationId).find(({ id }) => id === hello.id)?.content,
    ).toBe('Hello')
  })

  it('deletes in Chatwoot by option, and says nothing else', async () => {
    const hello = await open({ customerDeletes: 'delete' })
    await maria.revoke(String(hello.sourceId)).delivered
    const current = () =>
      world.chatwoot.messages(hello.conversationId).find(({ id }) => id === hello.id)
    await world.chatwoot.waitFor(() => current()?.contentAttributes.deleted === true)
    await settled()
    expect(quoting(world, hello)).toEqual([])
  })
})

describe('what was changed on the phone', () => {
  it('is told by a private note, and never sent', async () => {
    const hello = await open()
    const sends = () => world.wasender.countOf('/api/send-message')
    const before = sends()
    const typed = world.wasender.owner.typeOnPhone(maria.phone, 'From the phone')
    const mirrored = await arrived(world, typed.keyId)
    world.wasender.owner.edit(typed.keyId, 'Edited there')
    await world.chatwoot.waitFor(() => quoting(world, mirrored)[0])
    world.wasender.owner.revoke(typed.keyId)
    await world.chatwoot.waitFor(() => quoting(world, mirrored)[1])
    await settled()
    const notes = quoting(world, mirrored)
    expect(notes.map(({ private: isPrivate }) => isPrivate)).toEqual([true, true])
    expect(notes[0]?.content).toContain('Edited there')
    expect(sends()).toBe(before)
    expect(quoting(world, hello)).toEqual([])
  })

  it('is not told when an agent did it', async () => {
    const hello = await open()
    const reply = await world.chatwoot.agent().reply(hello.conversationId, 'A slip')
    const sent = await world.wasender.waitFor(() => world.wasender.inbox(maria.phone)[0])
    await world.chatwoot.settled()
    world.chatwoot.agent().deleteMessage(reply.id)
    await world.wasender.waitFor(
      () => world.wasender.inbox(maria.phone).find(({ keyId }) => keyId === sent.keyId)?.deletedAt,
    )
    await settled()
    expect(quoting(world, reply)).toEqual([])
  })
})
