import { describe, expect, it } from 'vitest'
import { sampleFile } from '../src/content/media/outbound/testing.ts'
import { arrived } from './support/arrived.ts'
import { type Chat, openChat } from './support/chat.ts'
import { type FromNowOn, fromNowOn, ownWorld, useWorld } from './support/use-world.ts'
import type { WorldOptions } from './support/world.ts'

const shared = useWorld()
let since: FromNowOn
let chat: Chat

/** With options of its own in a world of its own. */
const start = async (options?: WorldOptions) => {
  const world = options === undefined ? shared() : await ownWorld(options)
  since = fromNowOn(world)
  chat = await openChat(world)
}

/** Writes a private note and resolves with the bridge's answer. */
async function command(text: string, options: Parameters<Chat['reply']>[1] = {}) {
  const before = chat.notes().length
  const note = await chat.reply(text, { ...options, private: true })
  await chat.world.chatwoot.waitFor(() => chat.notes().length > before, { timeoutMs: 15_000 })
  const [answer = ''] = chat.notes().slice(before)
  return { note, answer }
}

const sends = () => since.countOf('/api/send-message')

describe('commands that send', () => {
  it.each([
    [
      '!poll Lunch? | Pizza | Pasta | multi',
      {
        kind: 'poll',
        poll: { question: 'Lunch?', options: ['Pizza', 'Pasta'], multiSelect: true },
      },
    ],
    [
      '!location 52.52,13.40 Office | Main Street 1',
      {
        kind: 'location',
        location: { latitude: 52.52, longitude: 13.4, name: 'Office', address: 'Main Street 1' },
      },
    ],
    [
      '!contact Maria | +49 30 123456',
      { kind: 'contact', contact: { name: 'Maria', phone: '+4930123456' } },
    ],
  ])('%s', async (text, expected) => {
    await start()
    const { answer } = await command(text)
    const [got] = await chat.gets(1)
    expect(got).toMatchObject(expected)
    expect(answer).toMatch(/was sent\.$/)
    await chat.settled()
    // Once, with its echo recognised and the answer never taken for a command.
    expect(sends()).toBe(1)
    expect(chat.notes()).toHaveLength(1)
    expect(since.messages().filter((m) => m.contentAttributes.external_echo)).toEqual([])
  })

  it('sends an attached or quoted webp as a sticker', async () => {
    await start()
    const webp = {
      filename: 'cat.webp',
      contentType: 'image/webp',
      bytes: sampleFile('image/webp', 9_000),
    }
    const { note } = await command('!sticker', { attachments: [webp] })
    expect((await chat.gets(1))[0]).toMatchObject({ kind: 'sticker' })
    await command('!sticker', { inReplyTo: note.id })
    expect((await chat.gets(2))[1]).toMatchObject({ kind: 'sticker' })
    const { answer } = await command('!sticker')
    expect(answer).toMatch(/Attach a webp/)
    await chat.settled()
    expect(sends()).toBe(2)
  })

  it('runs once although the webhook comes twice and the bridge is killed in between', async () => {
    await start({})
    const { wasender, chatwoot, bridge } = chat.world
    chatwoot.setWebhookFaults({ duplicate: true })
    // Later than any restart: an echo that finds nobody is repeated a few times at once and then gone.
    wasender.echo.after = 8_000
    wasender.faults.add({ kind: 'delay-after', ms: 60_000, path: '/send-message', times: 1 })
    const note = await chat.reply('!poll Lunch? | Pizza | Pasta', { private: true })
    await wasender.waitFor(() => sends() === 1)
    await bridge.kill()
    await chat.world.restart()
    await chatwoot.waitFor(() => chat.notes().length > 0, { timeoutMs: 40_000 })
    await chat.settled()
    expect(chat.got()).toHaveLength(1)
    expect(chat.notes()).toHaveLength(1)
    expect(chat.message(note.id).status).not.toBe('failed')
  })

  it('tells why it failed, and Retry works', async () => {
    await start()
    const { wasender } = chat.world
    wasender.faults.add({
      kind: 'answer',
      path: '/send-message',
      status: 422,
      body: { success: false, message: 'Validation failed', errors: { poll: ['No.'] } },
      times: 1,
    })
    const { note, answer } = await command('!poll Lunch? | Pizza | Pasta')
    expect(answer).toMatch(/did not work.*WhatsApp does not take this/)
    const { chatwoot } = chat.world
    await chatwoot.waitFor(() => chat.message(note.id).status === 'failed')
    chatwoot.agent().retry(note.id)
    await chat.gets(1)
    await chatwoot.waitFor(() => chat.notes().length === 2)
    expect(chat.notes()[1]).toBe('The poll was sent.')
  })
})

describe('commands that change what was sent', () => {
  it('edits the last message, or the quoted one', async () => {
    await start({ options: { agentName: '*{agent}*: ' } })
    const { wasender } = chat.world
    const first = await chat.reply('We open at tne')
    await chat.reply('See you')
    await chat.gets(2)
    const { answer } = await command('!edit See **you** soon')
    expect(answer).toMatch(/says now:\n\nSee \*\*you\*\* soon$/)
    await wasender.waitFor(() => chat.got()[1]?.editedAt !== undefined)
    expect(chat.got()[1]?.text).toMatch(/^\*[^*]+\*: See \*you\* soon$/)
    await command('!edit We open at ten', { inReplyTo: first.id })
    expect(chat.got()[0]?.text).toMatch(/: We open at ten$/)
    await chat.settled()
    expect(sends()).toBe(2)
    // The gateway tells of the changes as if the phone had made them; the answers say it already.
    expect(chat.notes()).toHaveLength(2)
  })

  it('deletes the last message, then the one before it', async () => {
    await start()
    await chat.reply('one')
    await chat.reply('two')
    await chat.gets(2)
    await command('!delete')
    expect(chat.got().map(({ deletedAt }) => deletedAt !== undefined)).toEqual([false, true])
    const { answer } = await command('!delete')
    expect(chat.got().map(({ deletedAt }) => deletedAt !== undefined)).toEqual([true, true])
    expect(answer).toMatch(/^Deleted on WhatsApp/)
    expect((await command('!delete')).answer).toMatch(/no message here/)
    await chat.settled()
    expect(chat.notes()).toHaveLength(3)
  })

  it('does not touch what it cannot: captions, polls, other people’s words', async () => {
    await start()
    const photo = { filename: 'a.png', contentType: 'image/png', bytes: sampleFile('image/png') }
    const { id } = await chat.reply('Caption', { attachments: [photo] })
    await chat.gets(1)
    expect((await command('!edit New caption', { inReplyTo: id })).answer).toMatch(/single text/)
    const { id: theirs } = await chat.says('Mine')
    expect((await command('!delete', { inReplyTo: theirs })).answer).toMatch(/no message here/)
    const typed = await arrived(
      chat.world,
      chat.world.wasender.owner.typeOnPhone(chat.phone, 'Me').keyId,
    )
    for (const change of ['!edit Not me', '!delete'])
      expect((await command(change, { inReplyTo: typed.id })).answer).toMatch(/no message here/)
    expect(chat.got()[0]).toMatchObject({ text: 'Caption' })
  })
})

describe('other commands', () => {
  it('blocks and unblocks, says how it is, and helps', async () => {
    await start()
    const { wasender } = chat.world
    const maria = wasender.person({ phone: chat.phone })
    expect((await command('!block')).answer).toMatch(/^Blocked/)
    expect(maria.profile.blocked).toBe(true)
    expect((await command('!unblock')).answer).toMatch(/lifted/)
    expect(maria.profile.blocked).toBe(false)
    const { answer: status } = await command('!status')
    expect(status).toContain('**connected**')
    expect(status).toContain(chat.phone)
    const { answer: help } = await command('!help')
    expect(help).toMatch(/`!poll Question \| A \| B \[\| multi\]`/)
    expect(sends()).toBe(0)
  })

  it.each([
    ['!pol A | B | C', /Did you mean `!poll/],
    ['!frobnicate', /no such command/],
    ['!poll only a question', /`!poll Question/],
  ])('answers %s, and the customer never sees it', async (text, answer) => {
    await start()
    expect((await command(text)).answer).toMatch(answer)
    await chat.settled()
    expect(sends()).toBe(0)
  })

  it('leaves notes alone that are none, and all of them when commands are off', async () => {
    await start({ options: { commands: false } })
    await chat.reply('!poll Lunch? | Pizza | Pasta', { private: true })
    await chat.reply('!!! important', { private: true })
    await chat.reply('Behind them')
    await chat.gets(1)
    expect(sends()).toBe(1)
    expect(chat.notes()).toEqual([])
  })

  it('answers what is wrong when the gateway is', async () => {
    await start({})
    const { wasender } = chat.world
    await wasender.setStatus(wasender.session().id, 'disconnected')
    const { answer } = await command('!block')
    expect(answer).toMatch(/did not work.*not connected/)
  })
})
