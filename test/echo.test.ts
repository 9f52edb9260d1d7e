import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

const PHONE = '+15550001111'
let world: World

beforeEach(async () => {
  world = await startWorld()
  const { wasender, chatwoot } = world
  const maria = wasender.person({ phone: PHONE, lid: '189975000000001', name: 'Maria' })
  const hello = maria.sendText('Hello')
  await chatwoot.waitFor(() =>
    chatwoot.allMessages().find(({ sourceId }) => sourceId === hello.keyId),
  )
  await chatwoot.settled()
})
afterEach(() => world.close())

/** Everything an agent sees in the conversation, customer and agents alike. */
const shown = () =>
  world.chatwoot.messages(1).filter(({ messageType }) => messageType !== 'activity')

async function replyAndSettle(text: string) {
  const { wasender, chatwoot } = world
  const reply = await chatwoot.agent().reply(1, text)
  await wasender.waitFor(() => wasender.inbox(PHONE).at(-1)?.text === text)
  await chatwoot.waitFor(
    () => chatwoot.messages(1).find(({ id }) => id === reply.id)?.status === 'delivered',
    { timeoutMs: 15_000 },
  )
  // A message of the customer behind it: everything before it in the lane is settled then.
  const marker = wasender.person({ phone: PHONE }).sendText('marker')
  await chatwoot.waitFor(
    () => chatwoot.allMessages().find(({ sourceId }) => sourceId === marker.keyId),
    { timeoutMs: 15_000 },
  )
  await chatwoot.settled()
}

describe('the echo of a send', () => {
  it.each([
    ['after the answer', { after: 200 }],
    ['before the answer', { beforeAnswer: true }],
    ['under a LID, before the answer', { beforeAnswer: true, addressing: 'lid' as const }],
    ['with receipts before everything else', { order: ['acks', 'sent', 'upsert'] as const }],
    ['never', { never: true }],
  ])('%s: no second message, no second send, ticks all the same', async (_when, echo) => {
    const { wasender } = world
    Object.assign(wasender.echo, echo)
    await replyAndSettle('Here is your answer')
    expect(wasender.countOf('/api/send-message')).toBe(1)
    expect(shown().map(({ messageType }) => messageType)).toEqual([
      'incoming',
      'outgoing',
      'incoming',
    ])
  })

  it.each(['drop-after', 'fail-after'] as const)(
    'settles a send whose answer is lost (%s)',
    async (kind) => {
      const { wasender } = world
      wasender.faults.add({ kind, status: 500, path: '/send-message', times: 1 } as never)
      await replyAndSettle('Did you get this?')
      expect(wasender.inbox(PHONE)).toHaveLength(1)
      expect(wasender.countOf('/api/send-message')).toBe(1)
      expect(shown()).toHaveLength(3)
    },
  )

  it('is told from the same words typed on the phone', async () => {
    const { wasender, chatwoot } = world
    await replyAndSettle('Yes')
    const typed = wasender.owner.typeOnPhone(PHONE, 'Yes')
    const mirrored = await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === typed.keyId),
    )
    expect(mirrored).toMatchObject({ content: 'Yes', contentAttributes: { external_echo: true } })
    expect(wasender.countOf('/api/send-message')).toBe(1)
  })
})
