import { afterEach, describe, expect, it } from 'vitest'
import { deliverWebhooks, loseWebhooks, restartLater } from './support/away.ts'
import { type Chat, PHONE, startChat } from './support/chat.ts'

let chat: Chat
afterEach(() => chat.close())

const texts = () => chat.got().map(({ text }) => text)
const sends = () => chat.world.wasender.countOf('/api/send-message')
/** The sweep at start asks for the messages of the one conversation last. */
const isReading = (method: string, path: string) =>
  method === 'GET' && path.endsWith(`/conversations/${chat.conversation}/messages`)

async function report(id: number, status: string): Promise<void> {
  const { url, adminToken } = chat.world.chatwoot
  const path = `/api/v1/accounts/1/conversations/${chat.conversation}/messages/${id}`
  const response = await fetch(url + path, {
    method: 'PATCH',
    headers: { api_access_token: adminToken, 'content-type': 'application/json' },
    body: JSON.stringify({ status }),
  })
  expect(response.status).toBe(200)
}

describe('the catch-up', () => {
  it('sends in order what agents wrote while the bridge was away, and takes back the failure', async () => {
    chat = await startChat()
    const { chatwoot, bridge } = chat.world
    await bridge.stop()
    const said = ['one', 'two', 'three']
    const ids: number[] = []
    for (const text of said) ids.push((await chat.reply(text)).id)
    await chatwoot.waitFor(() => ids.every((id) => chat.message(id).status === 'failed'))
    await chatwoot.settled()
    await restartLater(chat)
    await chat.gets(3)
    await chatwoot.waitFor(() => ids.every((id) => chat.message(id).status === 'delivered'))
    await chat.settled()
    expect(texts()).toEqual(said)
    expect(sends()).toBe(3)
  })

  it('finds while it runs what a lost webhook never told of', async () => {
    chat = await startChat({ options: { catchUp: { every: '1s' } } })
    loseWebhooks(chat)
    await chat.reply('Did this get lost?')
    deliverWebhooks(chat)
    await chat.gets(1)
    await chat.settled()
    expect(texts()).toEqual(['Did this get lost?'])
  })

  it('never sends what somebody else took care of, nor a note', async () => {
    chat = await startChat()
    loseWebhooks(chat)
    const elsewhere = await chat.reply('By another app')
    await chat.reply('Between us', { private: true })
    await chat.reply('By nobody')
    await report(elsewhere.id, 'delivered')
    deliverWebhooks(chat)
    await restartLater(chat)
    await chat.gets(1)
    await chat.settled()
    expect(texts()).toEqual(['By nobody'])
    expect(sends()).toBe(1)
  })

  it('goes on piece by piece where Chatwoot cannot list its conversations, and tells operators', async () => {
    chat = await startChat({ options: { operatorConversation: true } })
    const { chatwoot, wasender, bridge } = chat.world
    const { keyId } = wasender.person({ phone: '+15550002222', name: 'Paul' }).sendText('Hello')
    const other = await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
    )
    await chatwoot.settled()
    await bridge.kill()
    chatwoot.breakConversation(other.conversationId)
    const { id } = await chat.reply('Written while all was broken')
    await chatwoot.waitFor(() => chat.message(id).status === 'failed')
    await chat.world.restart()
    await chat.gets(1)
    expect(texts()).toEqual(['Written while all was broken'])
    const isTold = ({ content }: { content: string | null }) =>
      content?.includes('Chatwoot cannot list the conversations') === true
    await chatwoot.waitFor(() => chatwoot.allMessages().some(isTold), { timeoutMs: 45_000 })
  })

  it('follows an outage of Chatwoot', async () => {
    chat = await startChat()
    const { chatwoot, wasender } = chat.world
    const asked = chatwoot.calls.length
    await restartLater(chat)
    await chatwoot.waitFor(() =>
      chatwoot.calls.slice(asked).some(({ method, path }) => isReading(method, path)),
    )
    loseWebhooks(chat)
    await chat.reply('Written while all was broken')
    deliverWebhooks(chat)
    const fault = { status: 503, method: 'POST', path: '/messages', times: 1 } as const
    chatwoot.faults.add({ kind: 'answer', ...fault })
    wasender.person({ phone: PHONE, name: 'Maria' }).sendText('Hello?')
    await chat.gets(1)
    expect(texts()).toEqual(['Written while all was broken'])
  })
})

describe('the look behind', () => {
  it('sends replies whose webhook was lost before the one that arrived', async () => {
    chat = await startChat()
    loseWebhooks(chat)
    await chat.reply('first')
    await chat.reply('second')
    deliverWebhooks(chat)
    await chat.reply('third')
    await chat.gets(3)
    await chat.settled()
    expect(texts()).toEqual(['first', 'second', 'third'])
    expect(sends()).toBe(3)
  })

  it('costs a text one GET, and one send all the same', async () => {
    chat = await startChat()
    const { chatwoot } = chat.world
    const first = await chat.reply('warming up')
    await chatwoot.waitFor(() => chat.message(first.id).status === 'delivered')
    await chat.settled()
    const [calls, before] = [chatwoot.calls.length, sends()]
    const { id } = await chat.reply('Just this')
    await chatwoot.waitFor(() => chat.message(id).status === 'delivered')
    const gets = chatwoot.calls.slice(calls).filter(({ method }) => method === 'GET')
    expect(gets.map(({ path }) => path)).toEqual([
      `/api/v1/accounts/1/conversations/${chat.conversation}/messages`,
    ])
    expect(sends()).toBe(before + 1)
  })

  it('does not keep a reply from its customer while Chatwoot cannot be asked', async () => {
    chat = await startChat()
    const { chatwoot } = chat.world
    chatwoot.faults.add({ kind: 'hang', method: 'GET', path: '/messages' })
    await chat.reply('Are you still there?')
    await chat.gets(1)
    expect(texts()).toEqual(['Are you still there?'])
    chatwoot.faults.clear()
  })
})
