import { afterEach, describe, expect, it } from 'vitest'
import { deliverWebhooks, loseWebhooks, restartLater } from './support/away.ts'
import { type Chat, refusal, startChat } from './support/chat.ts'

let chat: Chat
afterEach(() => chat.close())

const texts = () => chat.got().map(({ text }) => text)
const sends = () => chat.world.wasender.countOf('/api/send-message')
const deletions = () => chat.world.wasender.countOf(/\/messages\/\d+$/, 'DELETE')

describe('the catch-up of what was done to messages', () => {
  it('deletes on WhatsApp, once, what was deleted while the bridge was away', async () => {
    chat = await startChat()
    const { chatwoot, wasender, bridge } = chat.world
    const doomed = await chat.reply('Forget this')
    const stays = await chat.reply('This stays')
    await chatwoot.waitFor(() =>
      [doomed, stays].every(({ id }) => chat.message(id).status === 'delivered'),
    )
    await chat.settled()
    await bridge.stop()
    chatwoot.agent().deleteMessage(doomed.id)
    await chatwoot.waitFor(() => chat.message(doomed.id).status === 'failed')
    await restartLater(chat)
    await wasender.waitFor(() => chat.got()[0]?.deletedAt !== undefined, { timeoutMs: 15_000 })
    await chat.settled()
    await restartLater(chat)
    await chat.settled()
    expect(deletions()).toBe(1)
    expect(chat.got().map(({ deletedAt }) => deletedAt !== undefined)).toEqual([true, false])
    expect(chat.message(doomed.id).status).not.toBe('failed')
    expect(chat.notes()).toEqual([])
  })

  it('sends exactly once what Retry was pressed for while nobody heard of it', async () => {
    chat = await startChat()
    const { chatwoot, wasender, bridge } = chat.world
    wasender.faults.add({ ...refusal, times: 2 })
    const [pressed, left] = [await chat.reply('Again, please'), await chat.reply('Never mind')]
    await chatwoot.waitFor(() =>
      [pressed, left].every(({ id }) => chat.message(id).status === 'failed'),
    )
    await chat.settled()
    await bridge.stop()
    loseWebhooks(chat)
    chatwoot.agent().retry(pressed.id)
    deliverWebhooks(chat)
    await restartLater(chat)
    await chat.gets(1)
    await chatwoot.waitFor(() => chat.message(pressed.id).status === 'delivered')
    await chat.settled()
    await restartLater(chat)
    await chat.settled()
    expect(texts()).toEqual(['Again, please'])
    expect(sends()).toBe(3)
    expect(chat.message(left.id).status).toBe('failed')
  })

  it('leaves a Retry that Chatwoot itself has marked as failed to the next press', async () => {
    chat = await startChat()
    const { chatwoot, wasender, bridge } = chat.world
    wasender.faults.add({ ...refusal, times: 1 })
    const { id } = await chat.reply('Anyone?')
    await chatwoot.waitFor(() => chat.message(id).status === 'failed')
    await chat.settled()
    await bridge.stop()
    chatwoot.agent().retry(id)
    await chatwoot.waitFor(() => chat.message(id).status === 'failed')
    await chatwoot.settled()
    await restartLater(chat)
    await chat.settled()
    expect(sends()).toBe(1)
    chatwoot.agent().retry(id)
    await chat.gets(1)
    await chat.settled()
    expect(texts()).toEqual(['Anyone?'])
  })

  it('runs commands in their place, once, and never old ones', async () => {
    chat = await startChat({ options: { catchUp: { maxAge: '2m' } } })
    const { chatwoot, bridge } = chat.world
    await bridge.kill()
    const command = (text: string) => chat.reply(text, { private: true })
    const ids = [
      await chat.reply('one'),
      await command('!location 52.52,13.40'),
      await chat.reply('two'),
      await command('!status'),
      await command('Between us'),
    ].map(({ id }) => id)
    await chatwoot.waitFor(() => ids.every((id) => chat.message(id).status === 'failed'))
    await chatwoot.settled()
    await restartLater(chat)
    await chat.gets(3)
    await chatwoot.waitFor(() => chat.notes().length === 2)
    await chat.settled()
    expect(chat.got().map(({ kind }) => kind)).toEqual(['text', 'location', 'text'])
    await chat.world.bridge.stop()
    await chat.reply('three')
    await command('!status')
    await chatwoot.settled()
    await restartLater(chat, 200_000)
    await chat.settled()
    expect(chat.notes()).toHaveLength(2)
    expect(sends()).toBe(3)
  })
})
