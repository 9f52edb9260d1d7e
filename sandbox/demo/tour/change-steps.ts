import type { Message } from '../../chatwoot/types.ts'
import type { Said } from '../../wasender/voice.ts'
import type { DemoWorld } from '../world.ts'
import { type Customer, calm, newCustomer } from './customer.ts'
import { expectSame, expectText } from './expect.ts'
import type { Step } from './step.ts'

/** A change of the customer's to a message of theirs, and the line the agent gets for it. */
type Change = { name: string; change: (customer: Customer, keyId: string) => Said; line: RegExp }

const CHANGES: readonly Change[] = [
  {
    name: 'a reaction arrives once and names its message',
    change: ({ person }, keyId) => person.react(keyId, '👍'),
    line: /👍/,
  },
  {
    name: 'an edit arrives as the new text and names its message',
    change: ({ person }, keyId) => person.edit(keyId, 'At *five*, sorry'),
    line: /At \*\*five\*\*, sorry/,
  },
  {
    name: 'a deletion leaves the text and a line that names its message',
    change: ({ person }, keyId) => person.revoke(keyId),
    line: /deleted/,
  },
]

const lines = ({ thread }: Customer, { id }: Message): Message[] =>
  thread().filter(({ contentAttributes }) => contentAttributes.in_reply_to === id)

/** Waits for so many lines about the message, and for those that should not follow. */
async function linesAbout(world: DemoWorld, customer: Customer, about: Message, said: Said[]) {
  await world.chatwoot.waitFor(() => lines(customer, about).length >= said.length, {
    description: 'the line about the message',
  })
  await calm(world, ...said)
  const found = lines(customer, about)
  expectSame('The number of lines about the message', found.length, said.length)
  return found
}

/** What customers do to messages. Each change is told in two events, and must be shown once. */
export const CHANGE_STEPS: readonly Step[] = [
  ...CHANGES.map(
    ({ name, change, line }): Step => ({
      name,
      direction: 'WhatsApp → helpdesk',
      async run(world) {
        const customer = await newCustomer(world)
        const said = customer.person.sendText('At four')
        const message = await customer.arrival(said)
        const [found] = await linesAbout(world, customer, message, [change(customer, said.keyId)])
        expectText('The line', found?.content, line)
        expectSame('The kind of message', found?.messageType, 'incoming')
        expectSame(
          'The text of the message',
          customer.inHelpdesk([said.keyId])[0]?.content,
          'At four',
        )
      },
    }),
  ),
  {
    name: "a reaction to the agent's message is given, changed and taken back",
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const reply = await customer.reply('It is repaired.')
      const [received] = await customer.received(1)
      await customer.status(reply, 'delivered')
      const said: Said[] = []
      for (const emoji of ['👍', '🎉', '']) {
        said.push(customer.person.react(received?.keyId ?? '', emoji))
        await linesAbout(world, customer, reply, said)
      }
      const texts = lines(customer, reply).map(({ content }) => content)
      expectText('The lines', texts.join(' | '), /👍.*\| .*🎉.*\| .*[Rr]emoved/)
    },
  },
  {
    name: "what is changed on the business's phone is shown",
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const { owner } = world.wasender
      const typed = owner.typeOnPhone(customer.phone, 'We open at nine')
      const message = await customer.arrival(typed)
      owner.edit(typed.keyId, 'We open at ten')
      const edited = await customer.shown('the new text', ({ content }) =>
        /ten/.test(content ?? ''),
      )
      expectSame('The kind of message', edited.messageType, 'outgoing')
      expectSame('The quoted message', edited.contentAttributes.in_reply_to, message.id)
      await calm(world)
      expectSame('What the phone holds', world.wasender.inbox(customer.phone).length, 1)
    },
  },
]
