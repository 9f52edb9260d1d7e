import { afterEach, describe, expect, it } from 'vitest'
import { signChatwootWebhook } from '../src/platforms/chatwoot/webhook.ts'
import { arrived } from './support/arrived.ts'
import { deliverWebhooks, loseWebhooks, restartLater } from './support/away.ts'
import { type Chat, openChat, PHONE, refusal, startChat } from './support/chat.ts'
import { useWorld } from './support/use-world.ts'

const shared = useWorld()
let chat: Chat
afterEach(() => chat.close())

const wait = { timeoutMs: 20_000 }
const texts = () => chat.got().map(({ text }) => text)
const becomes = (id: number, status: string) =>
  chat.world.chatwoot.waitFor(() => chat.message(id).status === status, wait)

/** Writes through Chatwoot's API, as a program does that keeps its own ids there. */
async function write(content: string, fields: Record<string, unknown> = {}): Promise<number> {
  const { url, agentToken } = chat.world.chatwoot
  const path = `/api/v1/accounts/1/conversations/${chat.conversation}/messages`
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { api_access_token: agentToken, 'content-type': 'application/json' },
    body: JSON.stringify({ content, message_type: 'outgoing', ...fields }),
  })
  expect(response.status).toBe(200)
  return ((await response.json()) as { id: number }).id
}

describe('a message with a source id of another program', () => {
  it.each(['erp-7', '7', '3EB0C767D26A1B2F9C41', 'wamid.HBgLMTU1NTAwMDExMTE=', 'command:9'])(
    'is sent like any other, once, with its ticks: %s',
    async (source_id) => {
      chat = await openChat(shared())
      const id = await write('Order 7 has shipped', { source_id })
      await becomes(id, 'delivered')
      await chat.settled()
      expect(texts()).toEqual(['Order 7 has shipped'])
    },
  )

  it('can be tried again and deleted', async () => {
    chat = await openChat(shared())
    const { wasender, chatwoot } = chat.world
    wasender.faults.add({ ...refusal, times: 1 })
    const id = await write('Order 7 has shipped', { source_id: 'erp-7' })
    await becomes(id, 'failed')
    chatwoot.agent().retry(id)
    await chat.gets(1)
    await becomes(id, 'delivered')
    chatwoot.agent().deleteMessage(id)
    await wasender.waitFor(() => chat.got()[0]?.deletedAt !== undefined, wait)
    await chat.settled()
    expect(chat.got()).toHaveLength(1)
    expect(chat.notes()).toEqual([])
  })

  it('goes before what was written after it, although its webhook was lost', async () => {
    chat = await openChat(shared())
    loseWebhooks(chat)
    await write('Order 7 has shipped', { source_id: 'erp-7' })
    deliverWebhooks(chat)
    await chat.reply('Can I help?')
    await chat.gets(2)
    await chat.settled()
    expect(texts()).toEqual(['Order 7 has shipped', 'Can I help?'])
  })

  it('is sent when it was written while the bridge was away, and what was on the phone is not', async () => {
    chat = await startChat()
    const typed = chat.world.wasender.owner.typeOnPhone(PHONE, 'Typed on the phone')
    await arrived(chat.world, typed.keyId)
    await chat.world.bridge.stop()
    await write('Order 7 has shipped', { source_id: 'erp-7' })
    await write('Order 8 has shipped', { source_id: 'erp-8' })
    await restartLater(chat)
    await chat.world.wasender.waitFor(() => texts().includes('Order 8 has shipped'), wait)
    await chat.settled()
    expect(texts().filter((text) => text !== 'Typed on the phone')).toEqual([
      'Order 7 has shipped',
      'Order 8 has shipped',
    ])
    expect(chat.world.wasender.countOf('/api/send-message')).toBe(2)
  })

  it('is not sent when it says that it is on WhatsApp already, and a note never is', async () => {
    chat = await startChat()
    const content_attributes = { external_echo: true }
    await write('Sent by our shop', { source_id: 'shop-1', content_attributes })
    await write('!poll A? | B | C', { source_id: 'shop-2', private: true })
    await chat.settled()
    expect(texts()).toEqual([])
  })
})

describe('what was typed on the phone', () => {
  it('is never sent back, also where Chatwoot drops the mark of an echo', async () => {
    chat = await startChat()
    const { wasender, chatwoot } = chat.world
    const typed = wasender.owner.typeOnPhone(PHONE, 'Typed on the phone')
    const shown = await arrived(chat.world, typed.keyId)
    expect(shown).toMatchObject({ messageType: 'outgoing', private: false })
    await chatwoot.settled()
    const [told] = chatwoot.webhookLog.filter(({ payload }) => payload.id === shown.id)
    for (const event of ['message_created', 'message_updated']) {
      expect(await tell({ ...told?.payload, event, content_attributes: {} })).toBe(200)
    }
    chatwoot.agent().deleteMessage(shown.id)
    await expect.poll(chat.notes, { timeout: 20_000 }).toEqual([expect.stringContaining('phone')])
    await restartLater(chat)
    await chat.settled()
    expect(wasender.countOf('/api/send-message')).toBe(0)
  })

  /** What an older Chatwoot would post. */
  async function tell(event: object): Promise<number> {
    const { bridge, chatwoot } = chat.world
    const body = JSON.stringify(event)
    const secret = chatwoot.inboxes()[0]?.secret ?? ''
    const signed = signChatwootWebhook(new TextEncoder().encode(body), secret, Date.now() / 1000)
    const headers = { 'content-type': 'application/json', ...signed }
    const url = `${bridge.url}/webhooks/chatwoot/sales`
    return (await fetch(url, { method: 'POST', headers, body })).status
  }
})
