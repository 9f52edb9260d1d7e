import { beforeEach, describe, expect, it } from 'vitest'
import { clientOf } from '../sandbox/chatwoot/test-support.ts'
import type { SayOptions } from '../sandbox/wasender/voice.ts'
import {
  type Customer,
  type FromNowOn,
  fromNowOn,
  newCustomer,
  ownWorld,
  useWorld,
} from './support/use-world.ts'
import type { World } from './support/world.ts'

const shared = useWorld()
let world: World
let since: FromNowOn
let customer: Customer

function meet(given: World) {
  world = given
  since = fromNowOn(world)
  customer = newCustomer(world)
}
beforeEach(() => meet(shared()))

/** The same person as WhatsApp shows them: by LID alone, by number alone, or by both. */
const maria = (hidePhone = false) => {
  const { phone, lid, name } = customer
  return world.wasender.person({ phone, lid, name, hidePhone })
}
const ONLY_NUMBER: SayOptions = { addressing: 'pn', omit: ['senderLid'] }
const ONLY_LID: SayOptions = {
  addressing: 'lid',
  omit: ['senderPn', 'cleanedSenderPn', 'remoteJidAlt'],
}

const by = {
  lid: (text: string) => maria(true).sendText(text),
  number: (text: string) => maria().sendText(text, ONLY_NUMBER),
  both: (text: string) => maria().sendText(text),
  lidThatCanBeLookedUp: (text: string) => maria().sendText(text, ONLY_LID),
}

async function arrives(how: keyof typeof by, text: string) {
  const { keyId } = by[how](text)
  return world.chatwoot.waitFor(() =>
    world.chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
  )
}

const contacts = () => since.contacts()
const ownersOf = (conversation: number) =>
  world.chatwoot.conversations().find(({ id }) => id === conversation)?.contactId

describe('a person who is known by LID first', () => {
  it('keeps the conversation and gets the number when it turns up', async () => {
    const first = await arrives('lid', 'Who am I?')
    expect(contacts()).toMatchObject([{ name: 'Maria', phoneNumber: null }])
    const second = await arrives('both', 'Me!')
    expect(second.conversationId).toBe(first.conversationId)
    expect(contacts()).toMatchObject([{ name: 'Maria', phoneNumber: customer.phone }])
  })

  it('is answered under the LID while the number is hidden', async () => {
    const { conversationId } = await arrives('lid', 'Anyone?')
    await world.chatwoot.agent().reply(conversationId, 'Yes')
    await world.wasender.waitFor(() => world.wasender.inbox(customer.phone)[0])
    expect(since.callsTo('/send-message')[0]?.body).toMatchObject({ to: `${customer.lid}@lid` })
    const answer = await arrives('lid', 'Good')
    expect(answer.conversationId).toBe(conversationId)
    expect(contacts()).toMatchObject([{ phoneNumber: null }])
  })

  it('becomes one with the contact an agent had made for the number', async () => {
    await arrives('lid', 'Who am I?')
    await clientOf(world.chatwoot)('POST', 'contacts', {
      name: 'Maria Souza',
      phone_number: customer.phone,
    })
    const second = await arrives('both', 'Me!')
    expect(contacts()).toMatchObject([{ name: 'Maria Souza', phoneNumber: customer.phone }])
    expect(ownersOf(second.conversationId)).toBe(contacts()[0]?.id)
  })
})

describe('a person who is known by number first', () => {
  it('is the same when a LID comes alone and can be looked up', async () => {
    const first = await arrives('number', 'One')
    const second = await arrives('lidThatCanBeLookedUp', 'Two')
    expect(second.conversationId).toBe(first.conversationId)
    expect(contacts()).toHaveLength(1)
  })
})

describe('two contacts that turn out to be one person', () => {
  it('are merged, the conversation used last goes on, and an agent reaches the person', async () => {
    const { wasender, chatwoot } = world
    await arrives('number', 'One')
    const byLid = await arrives('lid', 'Two')
    expect(contacts()).toHaveLength(2)
    const third = await arrives('both', 'Three')
    expect(third.conversationId).toBe(byLid.conversationId)
    expect(contacts()).toMatchObject([{ name: 'Maria', phoneNumber: customer.phone }])
    const owners = since.conversations().map(({ contactId }) => contactId)
    expect(owners).toEqual([contacts()[0]?.id, contacts()[0]?.id])

    await chatwoot.agent().reply(third.conversationId, 'Hello Maria')
    await wasender.waitFor(() => wasender.inbox(customer.phone).at(-1)?.text === 'Hello Maria')
    expect(since.callsTo('/send-message').at(-1)?.body).toMatchObject({ to: customer.phone })
    for (const how of ['number', 'both'] as const) {
      expect((await arrives(how, how)).conversationId).toBe(third.conversationId)
    }
    expect(contacts()).toHaveLength(1)
  })

  it('are merged once, though Chatwoot loses the answer', async () => {
    await arrives('number', 'One')
    await arrives('lid', 'Two')
    world.chatwoot.faults.add({ kind: 'drop-after', path: 'contact_merge', times: 1 })
    await arrives('both', 'Three')
    expect(contacts()).toHaveLength(1)
    expect(since.messages().filter(({ content }) => content === 'Three')).toHaveLength(1)
  })

  it('are merged after a crash in the middle', async () => {
    meet(await ownWorld())
    const { chatwoot } = world
    await arrives('number', 'One')
    await arrives('lid', 'Two')
    chatwoot.faults.add({ kind: 'hang', path: 'contact_merge', times: 1 })
    const { keyId } = by.both('Three')
    await chatwoot.waitFor(() => chatwoot.countOf({ path: /contact_merge/ }) > 0)
    await world.bridge.kill()
    await world.restart()
    await chatwoot.waitFor(
      () => chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
      { timeoutMs: 20_000 },
    )
    expect(contacts()).toMatchObject([{ phoneNumber: customer.phone }])
    expect(chatwoot.allMessages().filter(({ sourceId }) => sourceId === keyId)).toHaveLength(1)
  })

  it('may still be answered in the other conversation', async () => {
    const { wasender, chatwoot } = world
    const byNumber = await arrives('number', 'One')
    await arrives('lid', 'Two')
    await arrives('both', 'Three')
    await chatwoot.agent().reply(byNumber.conversationId, 'Back here')
    await wasender.waitFor(() => wasender.inbox(customer.phone).at(-1)?.text === 'Back here')
    expect((await arrives('both', 'Four')).conversationId).toBe(byNumber.conversationId)
  })
})

describe('a contact that an agent merged into another', () => {
  it('is followed: messages, replies and new conversations go to the one that stayed', async () => {
    const { wasender, chatwoot } = world
    const first = await arrives('both', 'One')
    const [merged] = contacts()
    const kept = await clientOf(chatwoot)('POST', 'contacts', {
      name: 'Maria, the boss',
      email: 'maria@example.com',
    })
    const { id } = kept.body.payload.contact
    chatwoot.agent().mergeContacts(id, merged!.id)
    expect((await arrives('both', 'Two')).conversationId).toBe(first.conversationId)
    await chatwoot.agent().reply(first.conversationId, 'Hello boss')
    await wasender.waitFor(() => wasender.inbox(customer.phone)[0])

    await chatwoot.settled()
    chatwoot.agent().deleteConversation(first.conversationId)
    const third = await arrives('both', 'Three')
    expect(ownersOf(third.conversationId)).toBe(id)
    expect(contacts()).toMatchObject([{ id, name: 'Maria, the boss', phoneNumber: customer.phone }])
  })
})
