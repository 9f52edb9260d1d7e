import { beforeEach, describe, expect, it } from 'vitest'
import { sampleFile } from '../src/content/media/outbound/testing.ts'
import { type Chat, openChat } from './support/chat.ts'
import { useWorld } from './support/use-world.ts'

const shared = useWorld()
let chat: Chat
beforeEach(async () => {
  chat = await openChat(shared())
})

const photo = { filename: 'a.png', contentType: 'image/png', bytes: sampleFile('image/png') }
const deletions = () => shared().wasender.countOf(/\/messages\/\d+$/, 'DELETE')
const isDeleted = (message: { deletedAt?: number | undefined }) => message.deletedAt !== undefined

describe('a message an agent deletes', () => {
  it('is deleted for everyone, all parts of it', async () => {
    const { chatwoot, wasender } = chat.world
    const before = deletions()
    const { id } = await chat.reply('Two', { attachments: [photo, photo] })
    await chat.gets(2)
    chatwoot.agent().deleteMessage(id)
    await wasender.waitFor(() => chat.got().every(isDeleted), { timeoutMs: 15_000 })
    await chat.settled()
    // The gateway tells of the deletion as if it came from the phone; it is no news here.
    expect(chat.notes()).toEqual([])
    expect(deletions()).toBe(before + 2)
  })

  it('is not sent any more when it still waits, and what comes after it is', async () => {
    const { chatwoot, wasender } = chat.world
    const { id } = wasender.session()
    await wasender.setStatus(id, 'disconnected')
    const doomed = await chat.reply('Forget this')
    // Its webhook was answered, so it waits in its lane for the session.
    await chatwoot.settled()
    await chat.reply('This stays')
    chatwoot.agent().deleteMessage(doomed.id)
    await chatwoot.settled()
    await wasender.setStatus(id, 'connected')
    await chat.gets(1)
    await chat.settled()
    expect(chat.got().map(({ text }) => text)).toEqual(['This stays'])
  })

  it('loses at once what was sent of it, and never sends the rest', async () => {
    const { chatwoot, wasender } = chat.world
    const { id } = await chat.reply('Three', { attachments: [photo, photo] })
    await chat.gets(2)
    const uploads = wasender.countOf('/api/upload')
    wasender.faults.add({ kind: 'answer', path: '/upload', status: 500 })
    const doomed = await chat.reply('x'.repeat(2000), { attachments: [photo] })
    await chat.gets(3)
    // By now the file is tried again after seconds only, which the deletion does not wait for.
    await wasender.waitFor(() => wasender.countOf('/api/upload') >= uploads + 3, {
      timeoutMs: 15_000,
    })
    chatwoot.agent().deleteMessage(doomed.id)
    await wasender.waitFor(() => chat.got()[2]?.deletedAt !== undefined, { timeoutMs: 15_000 })
    expect(wasender.countOf('/api/upload')).toBe(uploads + 3)
    wasender.faults.clear()
    await chat.reply('after')
    await wasender.waitFor(() => chat.got().at(-1)?.text === 'after', { timeoutMs: 15_000 })
    expect(chat.got()).toHaveLength(4)
    expect(chat.message(id).status).toBe('delivered')
  })

  it('says so when the gateway refuses, once', async () => {
    const { chatwoot, wasender } = chat.world
    const { id } = await chat.reply('Stays')
    await chat.gets(1)
    await chatwoot.waitFor(() => chat.message(id).status === 'delivered')
    wasender.faults.add({
      kind: 'answer',
      method: 'DELETE',
      path: '/messages/',
      status: 400,
      body: { success: false, error: 'Too late.' },
    })
    chatwoot.agent().deleteMessage(id)
    await chatwoot.waitFor(() => chat.notes().length === 1)
    expect(chat.notes()[0]).toMatch(/still on WhatsApp/)
    await chat.settled()
    expect(chat.notes()).toHaveLength(1)
    expect(chat.got().some(isDeleted)).toBe(false)
  })

  it('says so when it was typed on the phone', async () => {
    const { chatwoot, wasender } = chat.world
    const typed = wasender.owner.typeOnPhone(chat.phone, 'From the phone')
    const mirrored = await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === typed.keyId),
    )
    chatwoot.agent().deleteMessage(mirrored.id)
    await chatwoot.waitFor(() => chat.notes().length === 1)
    expect(chat.notes()[0]).toMatch(/only the phone can delete it/)
  })

  it('changes nothing when it was the customer’s', async () => {
    const { chatwoot } = chat.world
    const before = deletions()
    const { id } = await chat.says('Mine')
    chatwoot.agent().deleteMessage(id)
    await chat.settled()
    expect(chat.notes()).toEqual([])
    expect(deletions()).toBe(before)
  })
})
