import { beforeEach, describe, expect, it } from 'vitest'
import { sampleFile } from '../src/content/media/outbound/testing.ts'
import { type Chat, openChat, refusal } from './support/chat.ts'
import { type FromNowOn, fromNowOn, useWorld } from './support/use-world.ts'

const shared = useWorld({ options: { media: { maxBytes: '2MB' } } })
let since: FromNowOn
let chat: Chat
beforeEach(async () => {
  since = fromNowOn(shared())
  chat = await openChat(shared())
})

const file = (filename: string, contentType: string, size?: number) => ({
  filename,
  contentType,
  bytes: sampleFile(contentType, size),
})
const photo = file('photo.png', 'image/png')
const sheet = file('list.pdf', 'application/pdf')
const song = file('Song.mp3', 'audio/mpeg')
const huge = file('film.mp4', 'video/mp4', 3_000_000)

describe('a message with several files', () => {
  it('is one WhatsApp message each, in order, the text below the first', async () => {
    const { id } = await chat.reply('Have a **look**', { attachments: [photo, sheet, song] })
    const got = await chat.gets(3)
    expect(got.map(({ kind, text }) => [kind, text])).toEqual([
      ['image', 'Have a *look*'],
      ['document', undefined],
      ['voice', undefined],
    ])
    await chat.world.chatwoot.waitFor(() => chat.message(id).status === 'delivered')
    await chat.settled()
    expect(chat.got()).toHaveLength(3)
    // None of the echoes is taken for something typed on the phone.
    expect(since.messages().filter((m) => m.contentAttributes.external_echo)).toEqual([])
  })

  it('is read when all of it was read', async () => {
    const { id } = await chat.reply(null, { attachments: [photo, sheet] })
    const [first, second] = await chat.gets(2)
    const maria = chat.world.wasender.person({ phone: chat.phone })
    await chat.world.chatwoot.waitFor(() => chat.message(id).status === 'delivered')
    await maria.read(first!.keyId)
    await chat.settled()
    expect(chat.message(id).status).toBe('delivered')
    await maria.read(second!.keyId)
    await chat.world.chatwoot.waitFor(() => chat.message(id).status === 'read')
  })

  it('sends the others when one is too large, and says why', async () => {
    const { id } = await chat.reply('Three', { attachments: [photo, huge, sheet] })
    const got = await chat.gets(2)
    expect(got.map(({ kind }) => kind)).toEqual(['image', 'document'])
    await chat.world.chatwoot.waitFor(() => chat.message(id).status === 'failed')
    expect(String(chat.message(id).contentAttributes.external_error)).toMatch(/larger than 2/)
  })

  it('sends again after Retry only what failed, once', async () => {
    const { chatwoot, wasender } = chat.world
    await chat.reply('First')
    await chat.gets(1)
    wasender.faults.add({ ...refusal, times: 1 })
    const { id } = await chat.reply(null, { attachments: [photo, sheet] })
    await chatwoot.waitFor(() => chat.message(id).status === 'failed')
    expect((await chat.gets(2)).map(({ kind }) => kind)).toEqual(['text', 'document'])
    const sends = since.countOf('/api/send-message')
    chatwoot.agent().retry(id)
    expect((await chat.gets(3)).map(({ kind }) => kind)).toEqual(['text', 'document', 'image'])
    await chatwoot.waitFor(() => chat.message(id).status === 'delivered')
    await chat.settled()
    expect(since.countOf('/api/send-message')).toBe(sends + 1)
    expect(chat.got()).toHaveLength(3)
  })

  it('holds back what follows a text that failed, and sends all of it after Retry', async () => {
    const { chatwoot, wasender } = chat.world
    wasender.faults.add({ ...refusal, times: 1 })
    const long = 'word '.repeat(1000)
    const { id } = await chat.reply(long, { attachments: [photo] })
    await chatwoot.waitFor(() => chat.message(id).status === 'failed')
    expect(chat.got()).toEqual([])
    chatwoot.agent().retry(id)
    expect((await chat.gets(3)).map(({ kind }) => kind)).toEqual(['text', 'text', 'image'])
    await chatwoot.waitFor(() => chat.message(id).status === 'delivered')
  })

  it('survives a kill in the middle: the rest is sent, nothing twice', async () => {
    const { wasender, chatwoot, bridge } = chat.world
    wasender.faults.add({ kind: 'hang', method: 'POST', path: '/upload', times: 1 })
    const { id } = await chat.reply('words', { attachments: [sheet, photo] })
    await wasender.waitFor(() => since.countOf('/api/upload') === 1)
    await bridge.kill()
    await chat.world.restart()
    const got = await chat.gets(2)
    expect(got.map(({ kind }) => kind)).toEqual(['document', 'image'])
    await chatwoot.waitFor(() => chat.message(id).status === 'delivered')
    await chat.settled()
    expect(chat.got()).toHaveLength(2)
  })
})
