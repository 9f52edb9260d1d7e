import { describe, expect, it } from 'vitest'
import {
  type Customer,
  type FromNowOn,
  fromNowOn,
  newCustomer,
  ownWorld,
  useWorld,
} from './support/use-world.ts'
import type { World } from './support/world.ts'

const locked = useWorld()
let world: World
let since: FromNowOn
let maria: Customer

function meet(given: World) {
  world = given
  since = fromNowOn(world)
  maria = newCustomer(world)
}

const unlocked = { chatwoot: { inboxes: [{ name: 'WhatsApp', secret: 'chatwoot-secret' }] } }

/** Lets somebody write and resolves with the message in Chatwoot. */
async function arrives(text: string, options = {}) {
  const { keyId } = maria.sendText(text, options)
  return world.chatwoot.waitFor(() =>
    world.chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
  )
}

describe('the conversation of a message', () => {
  it('stays the same and is reopened when the inbox is locked to one', async () => {
    meet(locked())
    const first = await arrives('one')
    world.chatwoot.agent().resolve(first.conversationId)
    await world.chatwoot.settled()
    const second = await arrives('two')
    expect(second.conversationId).toBe(first.conversationId)
    expect(since.conversations()[0]?.status).toBe('open')
  })

  it('is a new one after a resolved one when the inbox is not locked', async () => {
    meet(await ownWorld(unlocked))
    const first = await arrives('one')
    expect((await arrives('two')).conversationId).toBe(first.conversationId)
    world.chatwoot.agent().resolve(first.conversationId)
    await world.chatwoot.settled()
    const third = await arrives('three')
    expect(third.conversationId).not.toBe(first.conversationId)
    expect((await arrives('four')).conversationId).toBe(third.conversationId)
  })

  it.each([
    ['reopen', unlocked, true],
    ['new', {}, false],
  ])('obeys the option %s over the inbox', async (conversations, inbox, same) => {
    meet(await ownWorld({ ...inbox, options: { conversations } }))
    const first = await arrives('one')
    world.chatwoot.agent().resolve(first.conversationId)
    await world.chatwoot.settled()
    const second = await arrives('two')
    // A locked Chatwoot inbox hands out its one conversation, whatever is asked for.
    const isLocked = conversations === 'new'
    expect(second.conversationId === first.conversationId).toBe(same || isLocked)
  })

  it('is replaced when it was deleted in Chatwoot', async () => {
    meet(locked())
    const first = await arrives('one')
    world.chatwoot.agent().deleteConversation(first.conversationId)
    const second = await arrives('two')
    expect(second.conversationId).not.toBe(first.conversationId)
    expect(since.contacts()).toHaveLength(1)
  })

  it('is replaced together with the contact when both were deleted', async () => {
    meet(locked())
    const first = await arrives('one')
    const [contact] = since.contacts()
    world.chatwoot.agent().deleteContact(contact!.id)
    const second = await arrives('two')
    expect(second.conversationId).not.toBe(first.conversationId)
    const [next, ...others] = since.contacts()
    expect(others).toEqual([])
    expect(next).toMatchObject({ name: 'Maria', phoneNumber: maria.phone })
  })
})

describe('the contact of a message', () => {
  it('is the one that has the number already, made by an agent', async () => {
    meet(locked())
    const { chatwoot } = world
    const started = await chatwoot
      .agent()
      .startConversation({ inboxId: chatwoot.inboxes()[0]!.id, phone: maria.phone, text: 'Hello' })
    await world.wasender.waitFor(() => world.wasender.inbox(maria.phone)[0])
    await chatwoot.settled()
    const answer = await arrives('Hello yourself')
    expect(answer.conversationId).toBe(started.id)
    expect(since.contacts()).toHaveLength(1)
  })

  it('is one person whether the number, the LID or both are told', async () => {
    meet(locked())
    await arrives('number and LID', { addressing: 'lid' })
    await arrives('number only', { addressing: 'pn', omit: ['senderLid'] })
    await arrives('LID only', {
      addressing: 'lid',
      omit: ['senderPn', 'cleanedSenderPn', 'remoteJidAlt'],
    })
    expect(since.contacts()).toHaveLength(1)
    expect(since.conversations()).toHaveLength(1)
  })

  it('is asked for by LID when nothing else is known', async () => {
    meet(locked())
    await arrives('LID only', {
      addressing: 'lid',
      omit: ['senderPn', 'cleanedSenderPn', 'remoteJidAlt'],
    })
    expect(since.contacts()[0]).toMatchObject({ phoneNumber: maria.phone })
    expect(since.countOf(/pn-from-lid/)).toBe(1)
    await arrives('with the number')
    expect(since.contacts()).toHaveLength(1)
  })

  it('survives a Chatwoot that loses the answers to its making', async () => {
    meet(locked())
    const { chatwoot } = world
    chatwoot.faults.add({ kind: 'drop-after', method: 'POST', path: '/contacts', times: 3 })
    chatwoot.faults.add({ kind: 'drop-after', method: 'POST', path: '/conversations', times: 1 })
    const { keyId } = maria.sendText('Anyone?')
    await chatwoot.waitFor(() => chatwoot.allMessages().find((m) => m.sourceId === keyId), {
      timeoutMs: 45_000,
    })
    expect(since.contacts()).toHaveLength(1)
    expect(since.conversations()).toHaveLength(1)
    expect(chatwoot.allMessages().filter((m) => m.sourceId === keyId)).toHaveLength(1)
  }, 60_000)
})
