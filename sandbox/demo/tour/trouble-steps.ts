import { refuseNext } from '../refusals.ts'
import { calm, expectTexts, newCustomer } from './customer.ts'
import { expectText } from './expect.ts'
import { expectThat, type Step } from './step.ts'

/** What the bridge does when something is refused or away. */
export const TROUBLE_STEPS: readonly Step[] = [
  {
    name: 'a refused reply is marked failed and says why',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      refuseNext(world)
      const reply = await customer.reply('Not this one')
      const failed = await customer.status(reply, 'failed')
      const reason = failed.contentAttributes.external_error
      expectThat(typeof reason === 'string' && reason !== '', 'The agent should see a reason.')
      await calm(world)
      expectTexts(world, customer, [])
    },
  },
  {
    name: 'a reply to an unknown number goes to the hidden id',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      refuseNext(world, 'not-on-whatsapp')
      const reply = await customer.reply('Do you get this?')
      await customer.status(reply, 'delivered')
      await calm(world)
      expectTexts(world, customer, ['Do you get this?'])
    },
  },
  {
    name: 'a reply that WhatsApp takes for a new chat too many fails, and Retry sends it',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      refuseNext(world, 'no-new-chats')
      const reply = await customer.reply('Good morning')
      const failed = await customer.status(reply, 'failed')
      expectText('The reason', String(failed.contentAttributes.external_error), /new chats/)
      world.chatwoot.agent().retry(reply.id)
      await customer.status(reply, 'delivered')
      await calm(world)
      expectTexts(world, customer, ['Good morning'])
    },
  },
  {
    name: 'what is written while the bridge is away is not lost',
    direction: 'both ways',
    async run(world) {
      const customer = await newCustomer(world)
      await world.bridge.stop()
      const said = customer.person.sendText('Are you asleep?')
      await world.bridge.start()
      await customer.arrival(said)
      await customer.reply('Awake again')
      await customer.received(1)
      await calm(world, said)
      expectThat(customer.inHelpdesk([said.keyId]).length === 1, 'It should arrive once.')
      expectTexts(world, customer, ['Awake again'])
    },
  },
]
