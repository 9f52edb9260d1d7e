import { beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../sandbox/chatwoot/types.ts'
import { arrived } from './support/arrived.ts'
import {
  type Customer,
  type FromNowOn,
  fromNowOn,
  newCustomer,
  ownWorld,
  useWorld,
} from './support/use-world.ts'
import type { World } from './support/world.ts'

const NOBODY = 'The provided JID does not exist on WhatsApp.'

const serverWithToken = {
  ...{ host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1' },
  adminToken: 'admin-token-of-the-test-0123456789',
}

const shared = useWorld({ wasender: { retryMs: 50, echo: { acks: [] } } })
let world: World
let since: FromNowOn
let kim: Customer

function meet(given: World) {
  world = given
  since = fromNowOn(world)
  kim = newCustomer(world, 'Kim')
}
beforeEach(() => meet(shared()))

const refuse = (status: number, body: unknown, times = 1) =>
  world.wasender.faults.add({
    ...{ kind: 'answer', method: 'POST', path: '/send-message' },
    ...{ status, body, times },
  })

/** Kim writes, and is known by both addresses from then on. */
const hello = () => arrived(world, kim.sendText('Hello').keyId)

/** Where the gateway was asked to send to, in order. */
const triedTo = () =>
  since.callsTo('/api/send-message').map(({ body }) => (body as { to: string }).to)

const statusOf = (message: Message) =>
  world.chatwoot.allMessages().find(({ id }) => id === message.id)

async function failed(message: Message): Promise<string> {
  const shown = await world.chatwoot.waitFor(() => {
    const now = statusOf(message)
    return now?.status === 'failed' ? now : undefined
  })
  return String(shown.contentAttributes.external_error)
}

const answer = (to: Message, text = 'Good morning') =>
  world.chatwoot.agent().reply(to.conversationId, text)

describe('a number that is not on WhatsApp', () => {
  it.each([
    ['422', 422, { success: false, message: NOBODY }],
    ['200 without success', 200, { success: false, message: 'JID does not exist on WhatsApp' }],
    ['a field', 422, { message: 'Validation failed', errors: { to: [NOBODY.toUpperCase()] } }],
    ['404', 404, { success: false, error: NOBODY }],
    ['400', 400, { success: false, errors: { to: { message: NOBODY } } }],
  ])(
    'is tried under its LID once, and the agent is told nothing (%s)',
    async (_by, status, body) => {
      const first = await hello()
      refuse(status, body)
      const reply = await answer(first)
      await world.wasender.waitFor(() => world.wasender.inbox(kim.phone).length === 1)
      expect(triedTo()).toEqual([kim.phone, `${kim.lid}@lid`])
      expect(statusOf(reply)?.status).toBe('sent')
      await answer(first, 'And one more')
      await world.wasender.waitFor(() => world.wasender.inbox(kim.phone).length === 2)
      expect(triedTo()).toEqual([kim.phone, `${kim.lid}@lid`, `${kim.lid}@lid`])
      expect(since.contacts()).toHaveLength(1)
    },
  )

  it('is tried in its other spelling first', async () => {
    const brazilian = world.wasender.person({ phone: '+5511987654321', name: 'Kim' })
    const first = await arrived(world, brazilian.sendText('Hello').keyId)
    refuse(422, { success: false, message: NOBODY })
    await answer(first)
    await world.wasender.waitFor(() => triedTo().length >= 2)
    expect(triedTo().slice(0, 2)).toEqual(['+5511987654321', '+551187654321'])
  })

  it('fails with the reason when every way was refused, each tried once', async () => {
    const first = await hello()
    refuse(422, { success: false, message: NOBODY }, 10)
    const reply = await answer(first)
    expect(await failed(reply)).toBe('Not sent: this number is not on WhatsApp.')
    expect(triedTo()).toEqual([kim.phone, `${kim.lid}@lid`])
    world.wasender.faults.clear()
    await world.chatwoot.agent().retry(reply.id)
    await world.wasender.waitFor(() => world.wasender.inbox(kim.phone).length === 1)
  })

  it('of which a webhook tells later is tried under its LID as well', async () => {
    const first = await hello()
    await answer(first)
    const sent = await world.wasender.waitFor(() => world.wasender.inbox(kim.phone)[0])
    await world.chatwoot.settled()
    const { msgId } = sent as { msgId?: number }
    await post({
      event: 'message.sent',
      data: { success: false, error: NOBODY, ...(msgId === undefined ? {} : { msgId }) },
    })
    await world.wasender.waitFor(() => triedTo().length === 2)
    expect(triedTo()).toEqual([kim.phone, `${kim.lid}@lid`])
  })
})

describe('WhatsApp’s limit on new chats', () => {
  const refusedLater = async (keyId: string, code: string) =>
    post({
      event: 'messages.update',
      timestamp: Date.now(),
      data: {
        update: { status: 0, messageStubParameters: [code] },
        key: { remoteJid: kim.jid, id: keyId, fromMe: true },
      },
    })

  it('is got round once by the LID of a customer who has one', async () => {
    const first = await hello()
    const reply = await answer(first)
    const sent = await world.wasender.waitFor(() => world.wasender.inbox(kim.phone)[0])
    await world.chatwoot.settled()
    await refusedLater(sent.keyId, '463')
    const again = await world.wasender.waitFor(() => world.wasender.inbox(kim.phone)[1])
    expect(triedTo()).toEqual([kim.phone, `${kim.lid}@lid`])
    expect(statusOf(reply)?.status).toBe('sent')
    await refusedLater(sent.keyId, '463')
    await refusedLater(again.keyId, '463')
    expect(await failed(reply)).toMatch(/start (?:no )?new chats/)
    expect(triedTo()).toHaveLength(2)
    expect(world.chatwoot.messages(first.conversationId)).toHaveLength(2)
  })

  it('is told as it is when the LID is refused as well, and never tried under a LID where it is the monthly one', async () => {
    const first = await hello()
    refuse(422, { success: false, message: 'Rejected by WhatsApp (error 463)' }, 2)
    expect(await failed(await answer(first))).toMatch(/start (?:no )?new chats/)
    refuse(400, { success: false, error: { code: 475, message: 'nack' } })
    expect(await failed(await answer(first))).toMatch(/in a month/)
    expect(triedTo()).toEqual([kim.phone, `${kim.lid}@lid`, kim.phone])
  })
})

describe('a limit of WhatsApp on the account', () => {
  const admin = async () => {
    const answered = await fetch(`${world.bridge.url}/admin/api/accounts`, {
      headers: { authorization: 'Bearer admin-token-of-the-test-0123456789' },
    })
    return ((await answered.json()) as { accounts: { limits: { code: string }[] }[] }).accounts[0]
  }
  const lines = () =>
    world.chatwoot.allMessages().filter(({ content }) => /new chats/i.test(content ?? ''))

  it('is seen by admins and operators until messages pass again', async () => {
    meet(
      await ownWorld({
        options: { operatorConversation: true },
        config: { server: serverWithToken },
      }),
    )
    const first = await hello()
    expect((await admin())?.limits).toEqual([])
    refuse(422, { success: false, message: 'Rejected by WhatsApp (error 463)' }, 2)
    await failed(await answer(first))
    expect((await admin())?.limits).toMatchObject([{ code: '463', helps: expect.any(String) }])
    const metrics = await (await fetch(`${world.bridge.url}/metrics`)).text()
    expect(metrics).toContain('bridge_whatsapp_limit{account="sales",code="463"} 1')
    expect(metrics).toContain('bridge_whatsapp_limit{account="sales",code="475"} 0')
    await world.chatwoot.waitFor(() => lines().length === 1)
    await answer(first, 'Again')
    await world.chatwoot.waitFor(() => lines().length === 2)
    expect((await admin())?.limits).toEqual([])
  })
})

describe('any other refusal', () => {
  it('tells the agent field and reason, and nothing of the message', async () => {
    const anybody = world.wasender.person({ phone: '+12025550101', name: 'Kim' })
    const first = await arrived(world, anybody.sendText('Hello').keyId)
    refuse(422, {
      success: false,
      message: 'Validation failed',
      errors: { text: [`Secret plans for +12025550101 is **too** <b>odd</b>.`] },
    })
    const reason = await failed(await answer(first, 'Secret plans for you'))
    expect(reason).toMatch(/WasenderAPI says: text: .*too odd\.$/)
    expect(reason).not.toMatch(/secret|plans|2025550101|[<*]/i)
    expect(JSON.stringify(world.bridge.log)).not.toMatch(/secret plans|2025550101/i)
  })
})

async function post(body: object): Promise<void> {
  const answered = await fetch(`${world.bridge.url}/webhooks/wasender/sales`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-webhook-signature': world.wasender.session().webhookSecret,
    },
    body: JSON.stringify(body),
  })
  expect(answered.status).toBe(200)
}
