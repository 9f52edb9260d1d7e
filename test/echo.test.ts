import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Chat, openChat } from './support/chat.ts'
import { type FromNowOn, fromNowOn, useWorld } from './support/use-world.ts'
import type { World } from './support/world.ts'

const shared = useWorld()
let world: World
let since: FromNowOn
let chat: Chat
let usual: World['wasender']['echo']

beforeEach(async () => {
  world = shared()
  usual = { ...world.wasender.echo }
  since = fromNowOn(world)
  chat = await openChat(world)
  await world.chatwoot.settled()
})
afterEach(() => {
  Object.assign(world.wasender.echo, usual)
})

/** Everything an agent sees in the conversation, customer and agents alike. */
const shown = () =>
  world.chatwoot.messages(chat.conversation).filter(({ messageType }) => messageType !== 'activity')

async function replyAndSettle(text: string) {
  const { chatwoot } = world
  const { id } = await chat.reply(text)
  expect((await chat.gets(1)).at(-1)?.text).toBe(text)
  await chatwoot.waitFor(() => chat.message(id).status === 'delivered', { timeoutMs: 15_000 })
  // A message of the customer behind it: everything before it in the lane is settled then.
  await chat.says('marker')
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
    expect(since.countOf('/api/send-message')).toBe(1)
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
      expect(chat.got()).toHaveLength(1)
      expect(since.countOf('/api/send-message')).toBe(1)
      expect(shown()).toHaveLength(3)
    },
  )

  it('is told from the same words typed on the phone', async () => {
    const { wasender, chatwoot } = world
    await replyAndSettle('Yes')
    const typed = wasender.owner.typeOnPhone(chat.phone, 'Yes')
    const mirrored = await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === typed.keyId),
    )
    expect(mirrored).toMatchObject({ content: 'Yes', contentAttributes: { external_echo: true } })
    expect(since.countOf('/api/send-message')).toBe(1)
  })
})
