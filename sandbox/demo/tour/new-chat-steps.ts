import { z } from 'zod'
import { inboxOf } from '../config.ts'
import type { DemoWorld } from '../world.ts'
import { newCustomer, newPhone, watch } from './customer.ts'
import { expectSame, expectText } from './expect.ts'
import { expectThat, type Step } from './step.ts'

async function start({ chatwoot }: DemoWorld, phone: string, text: string) {
  const inboxId = inboxOf(chatwoot).id
  const { id } = await chatwoot.agent().startConversation({ inboxId, phone, text })
  return id
}

/** Agents who write first, and to whom there is no number. */
export const NEW_CHAT_STEPS: readonly Step[] = [
  {
    name: 'an agent writes first, and the answer lands in the same conversation',
    direction: 'both ways',
    async run(world) {
      const phone = newPhone()
      const person = world.wasender.person({ phone, name: 'John Example' })
      const customer = watch(world, person, await start(world, phone, 'Your bicycle is ready.'))
      const [received] = await customer.received(1)
      expectSame('The text', received?.text, 'Your bicycle is ready.')
      const said = person.sendText('Great, I am coming.')
      await customer.arrival(said)
      await said.delivered
      const { chatwoot } = world
      const contacts = chatwoot.contacts().filter(({ phoneNumber }) => phoneNumber === phone)
      expectThat(contacts.length === 1, 'There should be one contact.')
      const all = chatwoot.conversations().filter(({ contactId }) => contactId === contacts[0]?.id)
      expectThat(all.length === 1, 'There should be one conversation.')
    },
  },
  {
    name: 'a Brazilian number is found in its other spelling',
    direction: 'both ways',
    async run(world) {
      const known = '+551187654321'
      const person = world.wasender.person({
        phone: known,
        name: 'Maria Souza',
        aliases: ['+5511987654321'],
      })
      const id = await start(world, '+5511987654321', 'Good morning!')
      const customer = watch(world, person, id)
      await customer.received(1)
      await customer.arrival(person.sendText('Good morning to you, too.'))
    },
  },
  {
    name: 'a number without WhatsApp fails and says why',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const phone = newPhone()
      world.wasender.notOnWhatsapp.add(phone.slice(1))
      const id = await start(world, phone, 'Hello?')
      const failed = await world.chatwoot.waitFor(
        () => world.chatwoot.messages(id).find(({ status }) => status === 'failed'),
        { description: 'the message to fail' },
      )
      expectText('The reason', String(failed.contentAttributes.external_error), /WhatsApp/)
    },
  },
  {
    name: 'somebody whose number is hidden is answered under their hidden id',
    direction: 'both ways',
    async run(world) {
      const customer = await newCustomer(world, { hidePhone: true })
      const { contactId } =
        world.chatwoot.conversations().find(({ id }) => id === customer.conversation) ?? {}
      const contact = world.chatwoot.contacts().find(({ id }) => id === contactId)
      expectSame('The number of the contact', contact?.phoneNumber, null)
      const reply = await customer.reply('Hello, whoever you are.')
      await customer.received(1)
      await customer.status(reply, 'delivered')
      const [sent] = world.wasender.callsTo('/api/send-message').slice(-1)
      expectText(
        'Where it was sent',
        z.looseObject({ to: z.string() }).parse(sent?.body).to,
        /@lid$/,
      )
    },
  },
]
