import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arrived } from './support/arrived.ts'
import { startWorld, type World } from './support/world.ts'

const DAY = 24 * 3_600_000
/** 26 October 2025, 08:13 UTC. */
const LONG_AGO = Date.UTC(2025, 9, 26, 8, 13)
let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const tom = () => world.wasender.person({ phone: '+12025550132', lid: '21032', name: 'Tom' })
const stranger = () => world.wasender.person({ phone: '+12025550133', lid: '21033', name: 'Old' })
const conversation = (id: number) => {
  const found = world.chatwoot.conversations().find((one) => one.id === id)
  if (found === undefined) throw new Error('no such conversation')
  return found
}

describe('a message from long ago', () => {
  it('is kept with its date as a note, and leaves a resolved conversation so', async () => {
    const now = await arrived(world, tom().sendText('current').keyId)
    world.chatwoot.agent().resolve(now.conversationId)
    await world.chatwoot.settled()
    const old = await arrived(world, tom().sendText('from before', { at: LONG_AGO }).keyId)
    expect(old).toMatchObject({ conversationId: now.conversationId, private: true })
    expect(old.content).toBe('*Written by the customer on 26 October 2025, 08:13 UTC*\nfrom before')
    await world.chatwoot.settled()
    expect(conversation(now.conversationId).status).toBe('resolved')
    const next = await arrived(world, tom().sendText('and now').keyId)
    expect(next).toMatchObject({ content: 'and now', messageType: 'incoming', private: false })
    expect(conversation(next.conversationId).status).toBe('open')
  })

  it('of somebody nobody knows is kept in a conversation that waits for nobody', async () => {
    const old = await arrived(world, stranger().sendText('years ago', { at: LONG_AGO }).keyId)
    await world.chatwoot.settled()
    expect(conversation(old.conversationId).status).toBe('resolved')
    const next = await arrived(world, stranger().sendText('Hello again').keyId)
    expect(conversation(next.conversationId).status).toBe('open')
    expect(world.chatwoot.contacts().filter(({ name }) => name === 'Old')).toHaveLength(1)
  })

  it('that was typed on the phone is a note that says so', async () => {
    const typed = world.wasender.owner.typeOnPhone('+12025550132', 'old answer', { at: LONG_AGO })
    expect(await arrived(world, typed.keyId)).toMatchObject({
      content: '*Written on the phone on 26 October 2025, 08:13 UTC*\nold answer',
      private: true,
    })
  })
})

describe('a message from before the account was set up', () => {
  it('is nowhere until WhatsApp hands it over', async () => {
    const before = tom().sendText('unheard', { at: Date.now() - 8 * DAY, events: [] })
    await arrived(world, tom().sendText('heard').keyId)
    await world.chatwoot.settled()
    expect(world.chatwoot.allMessages().map(({ sourceId }) => sourceId)).not.toContain(before.keyId)
    const node = { conversation: 'unheard' }
    await tom().sendRaw(node, { keyId: before.keyId, at: Date.now() - 8 * DAY }).delivered
    expect(await arrived(world, before.keyId)).toMatchObject({ private: true })
  })

  it('is no news after a day, but within the last hour', async () => {
    const old = await arrived(world, tom().sendText('old', { at: Date.now() - DAY }).keyId)
    expect(old.private).toBe(true)
    const late = await arrived(world, tom().sendText('late', { at: Date.now() - 600_000 }).keyId)
    expect(late).toMatchObject({ content: 'late', private: false })
  })
})

describe('a message from the future', () => {
  it('holds up nothing that comes behind it', async () => {
    const said = tom().sendText('from the future', { at: 4_000_000_000_000 })
    expect(await arrived(world, said.keyId)).toMatchObject({ content: 'from the future' })
    const next = await arrived(world, tom().sendText('after the future').keyId)
    expect(next.content).toBe('after the future')
  })
})
