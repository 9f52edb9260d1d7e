import { afterEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

const WAIT = { timeoutMs: 30_000 }
let world: World
afterEach(() => world.close())

const operators = () =>
  world.chatwoot.contacts().filter(({ name }) => name === 'WhatsApp connection')
const thread = () =>
  world.chatwoot
    .conversations()
    .filter(({ contactId }) => contactId === operators()[0]?.id)
    .flatMap(({ id }) => world.chatwoot.messages(id))
const line = (text: RegExp) =>
  world.chatwoot.waitFor(() => thread().find(({ content }) => text.test(content ?? '')), WAIT)

describe('the operator’s conversation, with the real process', () => {
  it('is still the same after restarts, and repeats nothing', async () => {
    world = await startWorld({ options: { operatorConversation: true }, withAccessToken: true })
    const { wasender, chatwoot } = world
    const { conversationId } = await line(/WhatsApp is connected\./)
    await world.bridge.stop()
    await world.restart()
    // It waits through the ten seconds of calm, also when the bridge is killed in them.
    await wasender.setStatus(wasender.session().id, 'logged_out')
    await world.bridge.kill()
    await world.restart()
    expect(await line(/is logged out/)).toMatchObject({ conversationId, messageType: 'incoming' })
    await world.bridge.kill()
    await world.restart()
    const { id } = await chatwoot.agent().reply(conversationId, '!status')
    const answer = await chatwoot.waitFor(
      () => thread().find(({ sourceId }) => sourceId === `command:${id}`),
      WAIT,
    )
    expect(answer.content).toMatch(/\*\*logged out\*\*/)
    expect(operators()).toHaveLength(1)
    expect(thread().filter(({ messageType }) => messageType === 'incoming')).toHaveLength(2)
    expect(wasender.countOf('/api/send-message')).toBe(0)
  })

  it('does not write of a session that is back within the ten seconds', async () => {
    world = await startWorld({ options: { operatorConversation: true } })
    const { wasender, chatwoot } = world
    await line(/WhatsApp is connected\./)
    const session = wasender.session().id
    for (let n = 0; n < 3; n += 1) {
      await wasender.setStatus(session, 'disconnected')
      await wasender.setStatus(session, 'connected')
    }
    await wasender.setStatus(session, 'need_passkey')
    await line(/passkey/)
    await chatwoot.settled()
    expect(thread().map(({ content }) => content)).toEqual([
      expect.stringMatching(/WhatsApp is connected\.$/),
      expect.stringMatching(/waits for a passkey/),
    ])
  })
})
