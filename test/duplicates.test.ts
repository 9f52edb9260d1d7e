import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({ wasender: { webhookFaults: { duplicate: 1, delayMs: [0, 40] } } })
})
afterAll(() => world.close())

const NAMES = ['messages.upsert', 'messages.received', 'messages-personal.received']

/** All orders of the three names. */
const ORDERS = NAMES.flatMap((a) =>
  NAMES.filter((b) => b !== a).map((b) => [a, b, NAMES.find((c) => c !== a && c !== b) as string]),
)

describe('one message under three event names, twice each', () => {
  it.each(ORDERS)('%s, %s, %s: one message in Chatwoot', async (...events) => {
    const { wasender, chatwoot } = world
    const maria = wasender.person({ phone: '+15550001111', lid: '189975000000001', name: 'Maria' })
    const said = maria.sendText(`In the order ${events.join(' ')}`, { events })
    await said.delivered
    // A marker behind the duplicates: once it is there, they were all handled.
    const marker = maria.sendText('marker', { events: ['messages.upsert'] })
    await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === marker.keyId),
    )
    const deliveries = wasender.webhookLog.filter(({ event }) => NAMES.includes(event))
    expect(deliveries.length).toBeGreaterThanOrEqual(6)
    const copies = chatwoot.allMessages().filter(({ sourceId }) => sourceId === said.keyId)
    expect(copies).toHaveLength(1)
  })

  it('also when every spelling of address, container and time is mixed', async () => {
    const { wasender, chatwoot } = world
    const maria = wasender.person({ phone: '+15550001111', lid: '189975000000001', name: 'Maria' })
    const keyId = '3EB0MIXEDSPELLINGS0001'
    const said = (['lid', 'pn'] as const).flatMap((addressing) =>
      (['object', 'array'] as const).flatMap((container) =>
        (['s', 'ms', 'string', 'long'] as const).map((timestamp) =>
          maria.sendText('The same', { keyId, addressing, container, timestamp }),
        ),
      ),
    )
    await Promise.all(said.map(({ delivered }) => delivered))
    const marker = maria.sendText('behind them all')
    await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === marker.keyId),
    )
    expect(chatwoot.allMessages().filter(({ sourceId }) => sourceId === keyId)).toHaveLength(1)
    expect(chatwoot.contacts()).toHaveLength(1)
  })
})

describe('a webhook of Chatwoot that comes twice', () => {
  it('is sent once', async () => {
    const { wasender, chatwoot } = world
    chatwoot.setWebhookFaults({ duplicate: 2, delayMs: [0, 100] })
    const sends = wasender.countOf('/api/send-message')
    await chatwoot.agent().reply(1, 'Only once, please')
    await chatwoot.settled()
    await chatwoot.agent().reply(1, 'And the next')
    await wasender.waitFor(() => wasender.inbox('+15550001111').at(-1)?.text === 'And the next')
    await chatwoot.settled()
    expect(wasender.countOf('/api/send-message')).toBe(sends + 2)
    expect(wasender.inbox('+15550001111').map(({ text }) => text)).toEqual([
      'Only once, please',
      'And the next',
    ])
  })
})
