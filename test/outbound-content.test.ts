import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Chat, startChat } from './support/chat.ts'

let chat: Chat
beforeAll(async () => {
  chat = await startChat({ options: { agentName: '*{agent}*\n', selectAs: 'poll' } })
})
afterAll(() => chat.close())

/** Sends with `act` and resolves with what arrives, and only that. */
async function arrives(act: () => unknown, count = 1) {
  const before = chat.got().length
  await act()
  return (await chat.gets(before + count)).slice(before)
}

describe('what an agent writes', () => {
  it('is sent under the public name, in WhatsApp’s marks', async () => {
    const [got] = await arrives(() => chat.reply('**Yes**,\nsee https://example.com/a_b_c'))
    const { availableName } = chat.world.chatwoot.agent().user
    expect(got).toMatchObject({
      kind: 'text',
      text: `*${availableName}*\n*Yes*,\nsee https://example.com/a_b_c`,
    })
  })

  it('is split where it is too long, in order', async () => {
    const long = Array.from({ length: 1200 }, (_, index) => `word${index}`).join(' ')
    const got = await arrives(() => chat.reply(long), 3)
    const words = got.map(({ text }) => text).join(' ')
    expect(words.replace(/^\*[^*]*\*\n/, '')).toBe(long)
  })

  it('sends a choice as a poll, by option', async () => {
    const [got] = await arrives(() =>
      chat.reply('Which?', {
        contentType: 'input_select',
        contentAttributes: {
          items: [
            { title: 'Red', value: 'r' },
            { title: 'Blue', value: 'b' },
          ],
        },
      }),
    )
    expect(got).toMatchObject({
      kind: 'poll',
      poll: { question: 'Which?', options: ['Red', 'Blue'] },
    })
  })

  it('sends articles with their links', async () => {
    const items = [{ title: 'Returns', description: 'How', link: 'https://help.example.com/r' }]
    const [got] = await arrives(() =>
      chat.reply('Read this', { contentType: 'article', contentAttributes: { items } }),
    )
    expect(got?.text).toMatch(/\*Returns\*\nHow\nhttps:\/\/help\.example\.com\/r$/)
  })
})

describe('a template of WhatsApp’s own business API', () => {
  it('is sent as its text', async () => {
    const { url, agentToken } = chat.world.chatwoot
    const path = `/api/v1/accounts/1/conversations/${chat.conversation}/messages`
    const [got] = await arrives(() =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', api_access_token: agentToken },
        body: JSON.stringify({
          content: 'Hello Ana, your order is ready',
          template_params: { name: 'order_ready', language: 'en', processed_params: { 1: 'Ana' } },
        }),
      }),
    )
    expect(got?.text).toMatch(/\nHello Ana, your order is ready$/)
  })
})

describe('what nobody wrote', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'a bot',
      () => chat.world.chatwoot.automation.botReply(chat.conversation, 'I am a bot'),
      /^I am a bot$/,
    ],
    [
      'an automation',
      () => chat.world.chatwoot.automation.text(chat.conversation, '**Ticket** opened'),
      /^\*Ticket\* opened$/,
    ],
    [
      'a greeting',
      () => chat.world.chatwoot.automation.template(chat.conversation, 'Welcome!'),
      /^Welcome!$/,
    ],
    [
      'the survey with its link',
      () => chat.world.chatwoot.automation.survey(chat.conversation),
      /survey\/responses\/[\w-]+$/,
    ],
  ])('is sent without a name: %s', async (_what, act, text) => {
    const [got] = await arrives(act)
    expect(got?.text).toMatch(text)
  })
})

describe('the echo of anything that was sent', () => {
  it('is never taken for something typed on the phone', async () => {
    await chat.settled()
    const { chatwoot } = chat.world
    expect(chatwoot.allMessages().filter((m) => m.contentAttributes.external_echo)).toEqual([])
    expect(chat.notes()).toEqual([])
    expect(chatwoot.crashes).toEqual([])
  })
})
