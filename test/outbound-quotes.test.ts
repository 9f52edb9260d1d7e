import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Chat, PHONE, refusal, startChat } from './support/chat.ts'

let chat: Chat
beforeAll(async () => {
  chat = await startChat()
})
afterAll(() => chat.close())

/** The customer's phone gets one more message, and this is it. */
async function replied(text: string, inReplyTo: number) {
  const before = chat.got().length
  await chat.reply(text, { inReplyTo })
  return (await chat.gets(before + 1)).at(-1)!
}

describe('a quote', () => {
  it('is native when the quoted message went through the API', async () => {
    const { id } = await chat.reply('We open at nine')
    const [quoted] = await chat.gets(1)
    const got = await replied('On Sundays too', id)
    expect(got).toMatchObject({ text: 'On Sundays too', quoted: quoted!.keyId })
  })

  it('is in words when the customer wrote it', async () => {
    const { id } = await chat.says('Do you have *chairs*?\nSoft ones?')
    const got = await replied('We do', id)
    expect(got.quoted).toBeUndefined()
    expect(got.text).toBe('> *Maria*\n> Do you have *chairs*?\n> Soft ones?\nWe do')
  })

  it('is in words when it was typed on the phone', async () => {
    const { chatwoot, wasender } = chat.world
    const typed = wasender.owner.typeOnPhone(PHONE, 'Call me')
    const { id } = await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === typed.keyId),
    )
    const got = await replied('Or write', id)
    expect(got.text).toBe('> Call me\nOr write')
  })

  it('never shows the customer a private note', async () => {
    const { id } = await chat.reply('He is difficult', { private: true })
    const got = await replied('How can we help?', id)
    expect(got).toMatchObject({ text: 'How can we help?' })
    expect(got.quoted).toBeUndefined()
  })

  it.each(['native', 'in words'])('is still there after Retry: %s', async (how) => {
    const { chatwoot, wasender } = chat.world
    const before = chat.got().length
    const quoted = how === 'native' ? await chat.reply('Original') : await chat.says('Original')
    const count = how === 'native' ? before + 1 : before
    await chat.gets(count)
    wasender.faults.add({ ...refusal, times: 1 })
    const { id } = await chat.reply('Answer', { inReplyTo: quoted.id })
    await chatwoot.waitFor(() => chat.message(id).status === 'failed')
    chatwoot.agent().retry(id)
    const got = (await chat.gets(count + 1)).at(-1)
    if (how === 'native') {
      expect(got).toMatchObject({ text: 'Answer', quoted: chat.got()[count - 1]!.keyId })
    } else {
      expect(got?.text).toBe('> *Maria*\n> Original\nAnswer')
    }
    await chat.settled()
    expect(chat.got()).toHaveLength(count + 1)
  })
})
