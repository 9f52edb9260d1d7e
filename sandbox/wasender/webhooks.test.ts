import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from './people.ts'
import { startTestStandIn, type TestStandIn } from './test-stand-in.ts'

let standIn: TestStandIn
let maria: Person

beforeEach(async () => {
  standIn = await startTestStandIn({ webhookTimeoutMs: 500 })
  standIn.session().webhookEvents = ['messages.upsert']
  maria = standIn.person({ phone: '+15550001111' })
})
afterEach(() => standIn.close())

const texts = () =>
  standIn.receiver.received.map(
    ({ body }) => (body.data as { messages: { messageBody: string } }).messages.messageBody,
  )

describe('a webhook', () => {
  it('carries the secret itself', async () => {
    await maria.sendText('Hola').delivered
    const { headers } = standIn.receiver.received[0] ?? {}
    expect(headers?.['x-webhook-signature']).toBe(standIn.session().webhookSecret)
    expect(headers?.['content-type']).toBe('application/json')
  })

  it('is sent only for events the session is subscribed to', async () => {
    await maria.sendText('Hola').delivered
    expect(standIn.receiver.events()).toEqual(['messages.upsert'])
    standIn.session().webhookEnabled = false
    await maria.sendText('Hola').delivered
    expect(standIn.receiver.received).toHaveLength(1)
  })

  it.each([[[500, 503]], [[0, 500, 302]]])('is repeated after %j', async (answers) => {
    standIn.receiver.answers = [...answers]
    await maria.sendText('Hola').delivered
    expect(texts()).toHaveLength(answers.length + 1)
    expect(standIn.webhookLog).toMatchObject([
      {
        outcome: 'delivered',
        attempts: answers.map((s) => (s === 0 ? 'unreachable' : s)).concat(200),
      },
    ])
  })

  it('is given up after three repetitions, and the next one goes out', async () => {
    standIn.receiver.answers = [500, 500, 500, 500]
    const first = maria.sendText('one')
    const second = maria.sendText('two')
    await Promise.all([first.delivered, second.delivered])
    expect(standIn.webhookLog.map(({ outcome }) => outcome)).toEqual(['given-up', 'delivered'])
    expect(texts()).toEqual(['one', 'one', 'one', 'one', 'two'])
  })

  it('of another chat does not wait for one that is being repeated', async () => {
    const held = Promise.withResolvers<void>()
    standIn.receiver.before = ({ body }) =>
      JSON.stringify(body).includes('held') ? held.promise : undefined
    const slow = maria.sendText('held')
    await standIn.waitFor(() => standIn.receiver.received.length > 0)
    await standIn.person({ phone: '+15550003333' }).sendText('quick').delivered
    held.resolve()
    await slow.delivered
    expect(texts()).toContain('quick')
  })
})

describe('faults of webhooks', () => {
  it('delivers duplicates', async () => {
    standIn.webhookFaults.duplicate = 2
    await maria.sendText('Hola').delivered
    expect(texts()).toEqual(['Hola', 'Hola', 'Hola'])
  })

  it('drops', async () => {
    standIn.webhookFaults.dropRate = 1
    await maria.sendText('Hola').delivered
    expect(standIn.receiver.received).toEqual([])
    expect(standIn.webhookLog).toMatchObject([{ outcome: 'dropped', attempts: [] }])
  })

  it('reorders within a window, and never loses one', async () => {
    Object.assign(standIn.webhookFaults, { reorder: true, reorderWindowMs: 10 })
    const sent = ['1', '2', '3', '4', '5']
    await Promise.all(sent.map((text) => maria.sendText(text).delivered))
    expect(texts()).not.toEqual(sent)
    expect(texts().toSorted()).toEqual(sent)
  })

  it('reorders two as well', async () => {
    Object.assign(standIn.webhookFaults, { reorder: true, reorderWindowMs: 10 })
    await Promise.all(['1', '2'].map((text) => maria.sendText(text).delivered))
    expect(texts()).toEqual(['2', '1'])
  })

  it('lets them overtake each other, each with its own delay', async () => {
    Object.assign(standIn.webhookFaults, { overtake: true, delayMs: 50 })
    const slow = maria.sendText('slow')
    standIn.webhookFaults.delayMs = 0
    await maria.sendText('fast').delivered
    await slow.delivered
    expect(texts()).toEqual(['fast', 'slow'])
  })

  it('lets a share of them come late', async () => {
    Object.assign(standIn.webhookFaults, { overtake: true, late: { share: 1, ms: [40, 50] } })
    const late = maria.sendText('late')
    standIn.webhookFaults.late = { share: 0, ms: [40, 50] }
    await maria.sendText('in time').delivered
    await late.delivered
    expect(texts()).toEqual(['in time', 'late'])
    expect(standIn.webhookLog.every(({ taken }) => taken && taken.from <= taken.to)).toBe(true)
  })

  it('shapes every body, unless the message asks for something else', async () => {
    standIn.webhookFaults.variant = { container: 'array', omit: ['sessionId'] }
    await maria.sendText('Hola').delivered
    await maria.sendText('Hola', { container: 'object' }).delivered
    const [first, second] = standIn.receiver.bodies('messages.upsert')
    expect(first?.data).toMatchObject({ messages: [{ messageBody: 'Hola' }] })
    expect(first).not.toHaveProperty('sessionId')
    expect(second?.data).toMatchObject({ messages: { messageBody: 'Hola' } })
  })

  it('sends anything at all', async () => {
    await standIn.emit(1, 'chats.delete', ['15550001111@s.whatsapp.net'])
    expect(standIn.receiver.bodies('chats.delete')).toMatchObject([
      { data: ['15550001111@s.whatsapp.net'], sessionId: standIn.session().apiKey },
    ])
  })
})
