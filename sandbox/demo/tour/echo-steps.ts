import { hostMedia } from '../media/host-media.ts'
import { SAMPLES } from '../samples/samples.ts'
import { calm, expectTexts, newCustomer } from './customer.ts'
import { expectFiles } from './expect.ts'
import { expectThat, type Step } from './step.ts'

/** Messages that come back, come twice, or must not leave. */
export const ECHO_STEPS: readonly Step[] = [
  {
    name: "a text typed on the business's phone is mirrored",
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const typed = world.wasender.owner.typeOnPhone(customer.phone, 'Back in five minutes')
      const message = await customer.arrival(typed)
      await customer.reply('Here again')
      await customer.received(2)
      await calm(world, typed)
      expectThat(message.messageType === 'outgoing', 'It should be an outgoing message.')
      expectThat(
        message.contentAttributes.external_echo === true,
        'It should be marked as an echo.',
      )
      expectTexts(world, customer, ['Back in five minutes', 'Here again'])
    },
  },
  {
    name: "a photo sent from the business's phone is mirrored",
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const node = hostMedia(world.wasender, 'image', SAMPLES.photo, { caption: 'The shop' })
      const sent = world.wasender.owner.sendRaw(customer.phone, node)
      const message = await customer.arrival(sent)
      await calm(world, sent)
      expectThat(message.messageType === 'outgoing', 'It should be an outgoing message.')
      await expectFiles(world.chatwoot, message, [SAMPLES.photo])
      expectTexts(world, customer, ['The shop'])
    },
  },
  {
    name: 'a private note stays private',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const { chatwoot } = world
      await chatwoot.agent().reply(customer.conversation, 'Between us', { private: true })
      await customer.reply('For the customer')
      await customer.received(1)
      await calm(world)
      expectTexts(world, customer, ['For the customer'])
    },
  },
  {
    name: 'one message told six times is shown once',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const { webhookFaults } = world.wasender
      webhookFaults.duplicate = 1
      try {
        const said = customer.person.sendText('Only once, please')
        await customer.arrival(said)
        await calm(world, said)
        const shown = customer.inHelpdesk([said.keyId]).length
        expectThat(shown === 1, `The helpdesk should show it once, not ${shown} times.`)
      } finally {
        delete webhookFaults.duplicate
      }
    },
  },
  {
    name: 'an echo that overtakes the answer is no new message',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const { wasender, chatwoot } = world
      wasender.echo.beforeAnswer = true
      try {
        const reply = await customer.reply('Quick as an echo')
        await customer.status(reply, 'delivered')
        await calm(world)
        expectTexts(world, customer, ['Quick as an echo'])
        const outgoing = chatwoot
          .messages(customer.conversation)
          .filter(({ messageType }) => messageType === 'outgoing')
        expectThat(outgoing.length === 1, 'The helpdesk should hold the reply once.')
      } finally {
        wasender.echo.beforeAnswer = false
      }
    },
  },
]
