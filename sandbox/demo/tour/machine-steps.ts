import { calm, newCustomer } from './customer.ts'
import { type Departure, departureSteps } from './departures.ts'
import { expectText } from './expect.ts'
import type { Step } from './step.ts'

const items = (...all: object[]) => ({ contentAttributes: { items: all } })

const ROWS: readonly Departure[] = [
  {
    name: 'the text of an automation is sent',
    write: ({ conversation }, { chatwoot }) =>
      chatwoot.automation.text(conversation, 'We are on it.'),
    received: [{ kind: 'text', text: /^We are on it\.$/ }],
  },
  {
    name: 'a greeting is sent',
    write: ({ conversation }, { chatwoot }) =>
      chatwoot.automation.template(conversation, 'Welcome to the shop!'),
    received: [{ kind: 'text', text: /^Welcome to the shop!$/ }],
  },
  {
    name: "an agent bot's answer is sent",
    write: ({ conversation }, { chatwoot }) =>
      chatwoot.automation.botReply(conversation, 'I am a bot.'),
    received: [{ kind: 'text', text: /^I am a bot\.$/ }],
  },
  {
    name: 'the satisfaction survey is sent with its link',
    write: ({ conversation }, { chatwoot }) => chatwoot.automation.survey(conversation),
    received: [{ kind: 'text', text: /https?:\/\/\S+\/survey\/responses\/\S+$/ }],
  },
  {
    name: 'a choice is sent as a numbered list',
    write: ({ reply }) =>
      reply('Which color?', {
        contentType: 'input_select',
        ...items({ title: 'Blue', value: 'blue' }, { title: 'Red', value: 'red' }),
      }),
    received: [{ kind: 'text', text: /^Which color\?\n1\. Blue\n2\. Red$/ }],
  },
  {
    name: 'cards are sent with their words and links',
    write: ({ reply }) =>
      reply('Our offers', {
        contentType: 'cards',
        ...items({
          title: 'Bell',
          description: 'Very loud',
          actions: [{ type: 'link', text: 'Buy', uri: 'https://shop.example.com/bell' }],
        }),
      }),
    received: [
      { kind: 'text', text: /^Our offers$/ },
      { kind: 'text', text: /\*Bell\*[\s\S]*https:\/\/shop\.example\.com\/bell/ },
    ],
  },
  {
    name: 'a form is sent as its questions',
    write: ({ reply }) =>
      reply('Please help us', {
        contentType: 'form',
        ...items({ type: 'email', name: 'email', label: 'Your e-mail' }),
      }),
    received: [{ kind: 'text', text: /Please help us[\s\S]*Your e-mail/ }],
  },
  {
    name: 'an article is sent with its link',
    write: ({ reply }) =>
      reply('Read this', {
        contentType: 'article',
        ...items({ title: 'Returns', link: 'https://help.example.com/returns' }),
      }),
    received: [{ kind: 'text', text: /Returns[\s\S]*https:\/\/help\.example\.com\/returns/ }],
  },
]

/** What nobody types. */
export const MACHINE_STEPS: readonly Step[] = [
  ...departureSteps(ROWS),
  {
    name: 'a line about the conversation is not sent',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      world.chatwoot.agent().resolve(customer.conversation)
      world.chatwoot.agent().reopen(customer.conversation)
      await customer.shown('the line', ({ messageType }) => messageType === 'activity')
      await customer.reply('Still here')
      const [received] = await customer.received(1)
      await calm(world)
      expectText('The first message', received?.text, /^Still here$/)
    },
  },
]
