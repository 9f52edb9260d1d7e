import type { Contact, Conversation } from '../../chatwoot/types.ts'
import { uploadToWasender } from '../media/upload.ts'
import { portrait } from '../samples/paintings.ts'
import { encodePng } from '../samples/png.ts'
import type { DemoWorld } from '../world.ts'
import { type Customer, calm, newCustomer } from './customer.ts'
import { expectSame } from './expect.ts'
import { expectThat, type Step } from './step.ts'

function contactOf({ chatwoot }: DemoWorld, { phone }: Customer): Contact | undefined {
  return chatwoot.contacts().find(({ phoneNumber }) => phoneNumber === phone)
}

const conversationsOf = ({ chatwoot }: DemoWorld, contact: Contact | undefined) =>
  chatwoot.conversations().filter(({ contactId }) => contactId === contact?.id)

/** Who somebody is, and what becomes of their conversation. */
export const PEOPLE_STEPS: readonly Step[] = [
  {
    // First, because pictures of many new customers are fetched one by one and slowly.
    name: "a customer's picture is shown",
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const picture = encodePng(portrait(0x3b6ea5, 0xe07a3f))
      const imgUrl = await uploadToWasender(world.wasender, 'image/png', picture)
      const customer = await newCustomer(world, { imgUrl })
      await world.chatwoot.waitFor(() => contactOf(world, customer)?.avatarBlobId, {
        description: 'the picture',
      })
    },
  },
  {
    name: 'a number and a hidden id lead to one conversation',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const { person } = customer
      const said = (['lid', 'pn'] as const).map((addressing) =>
        person.sendText(`By ${addressing}`, { addressing }),
      )
      for (const one of said) await customer.arrival(one)
      const contact = contactOf(world, customer)
      expectSame('The number of conversations', conversationsOf(world, contact).length, 1)
    },
  },
  {
    name: 'a name the agent has changed stays',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const { id = 0 } = contactOf(world, customer) ?? {}
      world.chatwoot.agent().renameContact(id, 'Maria (regular)')
      await customer.person.rename('Maria on WhatsApp')
      await customer.arrival(customer.person.sendText('Do you know me?'))
      await calm(world)
      expectSame('The name', contactOf(world, customer)?.name, 'Maria (regular)')
    },
  },
  {
    name: 'what is read on the phone counts as read',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      await customer.arrival(customer.person.sendText('Have you seen this?'))
      await calm(world)
      const { wasender, chatwoot } = world
      for (const { keyId } of wasender.chat(customer.phone)) await wasender.owner.read(keyId)
      const isOurs = ({ id }: Conversation) => id === customer.conversation
      await chatwoot.waitFor(() => chatwoot.conversations().find(isOurs)?.agentLastSeenAt, {
        description: 'the badge to be cleared',
      })
    },
  },
  {
    name: 'a resolved conversation is opened again',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      world.chatwoot.agent().resolve(customer.conversation)
      await customer.arrival(customer.person.sendText('One more thing'))
      const [conversation, ...others] = conversationsOf(world, contactOf(world, customer))
      expectSame('The status', conversation?.status, 'open')
      expectThat(others.length === 0, 'There should be no other conversation.')
    },
  },
  {
    name: 'a deleted conversation begins anew',
    direction: 'both ways',
    async run(world) {
      const customer = await newCustomer(world)
      world.chatwoot.agent().deleteConversation(customer.conversation)
      const { keyId } = customer.person.sendText('Where did it go?')
      const { conversationId } = await world.chatwoot.waitFor(
        () => customer.inHelpdesk([keyId])[0],
        { description: 'the message in a new conversation' },
      )
      await world.chatwoot.agent().reply(conversationId, 'Here it is.')
      await customer.received(1)
    },
  },
]
