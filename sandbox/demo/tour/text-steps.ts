import { calm, expectTexts, newCustomer } from './customer.ts'
import { expectThat, type Step } from './step.ts'

const FIVE = ['one', 'two', 'three', 'four', 'five']

/** Plain texts and what belongs to them. */
export const TEXT_STEPS: readonly Step[] = [
  {
    name: 'a text arrives',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const message = await customer.arrival(customer.person.sendText('Is anybody there?'))
      expectThat(message.content === 'Is anybody there?', 'The text should be the same.')
      expectThat(message.messageType === 'incoming', 'It should be an incoming message.')
      const contact = world.chatwoot
        .contacts()
        .find(({ phoneNumber }) => phoneNumber === customer.phone)
      expectThat(contact?.name === 'Maria Example', 'The contact should have name and number.')
    },
  },
  {
    name: 'a reply gets its ticks',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const reply = await customer.reply('Yes, how can I help?')
      const [received] = await customer.received(1)
      await customer.status(reply, 'delivered')
      await customer.person.read(received?.keyId ?? '')
      await customer.status(reply, 'read')
      expectTexts(world, customer, ['Yes, how can I help?'])
    },
  },
  {
    name: 'formatting is translated',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const said = customer.person.sendText('*bold* _slanted_ ~struck~ snake_case_name')
      const { content } = await customer.arrival(said)
      const markdown = /^\*\*bold\*\* ([*_])slanted\1 ~~struck~~ snake\\?_case\\?_name$/
      expectThat(markdown.test(content ?? ''), 'The marks should be Markdown.')
    },
  },
  {
    name: 'formatting is translated back',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      await customer.reply('**bold** *slanted* ~~struck~~ https://example.com/a_b_c')
      await customer.received(1)
      expectTexts(world, customer, ['*bold* _slanted_ ~struck~ https://example.com/a_b_c'])
    },
  },
  {
    name: 'five texts at once keep their order',
    direction: 'both ways',
    async run(world) {
      const customer = await newCustomer(world)
      const said = FIVE.map((text) => customer.person.sendText(text))
      for (const text of FIVE) await customer.reply(text)
      await customer.received(FIVE.length)
      await Promise.all(said.map(customer.arrival))
      await calm(world, ...said)
      expectTexts(world, customer, FIVE)
      const arrived = customer.inHelpdesk(said.map(({ keyId }) => keyId))
      const order = arrived.map(({ content }) => content).join()
      expectThat(order === FIVE.join(), 'The helpdesk should hold them once and in order.')
    },
  },
]
