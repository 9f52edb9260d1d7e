import { refuseNext } from '../refusals.ts'
import { SAMPLES } from '../samples/samples.ts'
import { calm, newCustomer } from './customer.ts'
import { expectSame, expectText } from './expect.ts'
import { expectThat, type Step } from './step.ts'

const PRESENCE = '/send-presence-update'

/** Quotes, deletions and what goes with answering. */
export const ANSWER_STEPS: readonly Step[] = [
  {
    name: "a quote of the agent's own message is a real one",
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const first = await customer.reply('It costs 240.')
      const [received] = await customer.received(1)
      await customer.status(first, 'delivered')
      await customer.reply('With the bell.', { inReplyTo: first.id })
      const [, second] = await customer.received(2)
      expectSame('The quoted message', second?.quoted, received?.keyId)
      expectSame('The text', second?.text, 'With the bell.')
    },
  },
  {
    name: "a quote of the customer's message is written out",
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const asked = await customer.arrival(customer.person.sendText('How much is the bell?'))
      await customer.reply('Twelve', { inReplyTo: asked.id })
      const [received] = await customer.received(1)
      expectText('The text', received?.text, /How much is the bell\?[\s\S]*\nTwelve$/)
    },
  },
  {
    name: 'Retry keeps the quote',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const first = await customer.reply('Which bell?')
      await customer.status(first, 'delivered')
      refuseNext(world)
      const second = await customer.reply('The loud one?', { inReplyTo: first.id })
      await customer.status(second, 'failed')
      world.chatwoot.agent().retry(second.id)
      const [question, again] = await customer.received(2)
      expectSame('The text', again?.text, 'The loud one?')
      expectSame('The quoted message', again?.quoted, question?.keyId)
      await customer.status(second, 'delivered')
      expectSame('What the phone holds', world.wasender.inbox(customer.phone).length, 2)
    },
  },
  {
    name: 'a deleted message is deleted for everyone, all parts of it',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const attachments = [SAMPLES.photo, SAMPLES.paper].map(
        ({ fileName: filename, mimetype: contentType, bytes }) => ({
          filename,
          contentType,
          bytes,
        }),
      )
      const reply = await customer.reply('Wrong chat, sorry', { attachments })
      const parts = await customer.received(2)
      await customer.status(reply, 'delivered')
      world.chatwoot.agent().deleteMessage(reply.id)
      const areGone = () => parts.every(({ deletedAt }) => deletedAt !== undefined)
      await world.wasender.waitFor(areGone, { what: 'the deletion' })
    },
  },
  {
    name: 'typing is shown, but never for a private note',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const { wasender, chatwoot } = world
      const seen = () =>
        wasender
          .callsTo(PRESENCE)
          .filter(({ body }) => JSON.stringify(body).includes(customer.person.profile.phone))
      chatwoot.agent().type(customer.conversation, { private: true })
      await calm(world)
      expectThat(seen().length === 0, 'A note should not show anything.')
      chatwoot.agent().type(customer.conversation)
      const [call] = await wasender.waitFor(() => (seen().length > 0 ? seen() : undefined), {
        what: 'the mark of typing',
      })
      expectText('The mark', JSON.stringify(call?.body), /composing/)
    },
  },
  {
    name: "an answer gives the customer's message its blue ticks",
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const said = customer.person.sendText('Are you there?')
      await customer.arrival(said)
      const message = () =>
        world.wasender.chat(customer.phone).find(({ keyId }) => keyId === said.keyId)
      expectThat(message()?.readAt === undefined, 'Nobody should have read it yet.')
      await customer.reply('Yes!')
      await world.wasender.waitFor(() => message()?.readAt, { what: 'the blue ticks' })
    },
  },
  {
    name: 'a long text is sent whole, in order',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const lines = Array.from({ length: 1500 }, (_, index) => `Line ${index + 1} of the manual.`)
      const reply = await customer.reply(lines.join('\n\n'))
      await customer.status(reply, 'delivered')
      const texts = world.wasender.inbox(customer.phone).map(({ text = '' }) => text)
      const got = texts.join('\n').match(/Line \d+ of the manual\./g) ?? []
      expectThat(texts.length > 1, 'It should be more than one message.')
      expectSame('The text', got.join(), lines.join())
    },
  },
]
