import type { Message } from '../../chatwoot/types.ts'
import { type Arrival, arrivalSteps } from './arrivals.ts'
import { newCustomer } from './customer.ts'
import { expectQuote, expectSame, expectText } from './expect.ts'
import { expectThat, type Step } from './step.ts'

const JOHN = { name: 'John Example', phone: '+12025550102' }
const card = (name: string, digits: string) => ({
  displayName: name,
  vcard: `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\nTEL;type=CELL;waid=${digits}:+${digits}\nEND:VCARD`,
})
const areCards = ({ attachments }: Message) =>
  expectThat(
    attachments.every(({ filename }) => filename.endsWith('.vcf')),
    'The files should be cards.',
  )

const ROWS: readonly Arrival[] = [
  {
    name: 'a place arrives with a link to a map',
    send: ({ person }) =>
      person.sendLocation({ latitude: 52.52, longitude: 13.405, name: 'Bike shop' }),
    content: /Bike shop[\s\S]*https:\/\/\S*52\.52,13\.405/,
  },
  {
    name: 'a live location arrives as the place where it began',
    send: ({ person }) =>
      person.sendRaw({
        liveLocationMessage: { degreesLatitude: 52.52, degreesLongitude: 13.405, caption: 'Here' },
      }),
    content: /https:\/\/\S*52\.52,13\.405[\s\S]*Here/,
  },
  {
    name: 'a poll of a customer arrives with its options',
    send: ({ person }) =>
      person.sendPoll({ question: 'When?', options: ['Today', 'Friday'], multiSelect: false }),
    content: /When\?[\s\S]*Today[\s\S]*Friday/,
  },
]

/** What customers say without words, or in answer to something. */
export const TALK_STEPS: readonly Step[] = [
  ...arrivalSteps(ROWS),
  {
    name: 'a contact card arrives with its number and as a file',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const message = await customer.arrival(customer.person.sendContact(JOHN))
      expectText('The text', message.content, /John Example[\s\S]*12025550102/)
      expectSame('The number of files', message.attachments.length, 1)
      areCards(message)
    },
  },
  {
    name: 'several contact cards arrive, a file for each',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const contacts = [card('John Example', '12025550102'), card('Maria Souza', '12025550101')]
      const said = customer.person.sendRaw({ contactsArrayMessage: { contacts } })
      const message = await customer.arrival(said)
      expectText('The text', message.content, /John Example[\s\S]*Maria Souza/)
      expectSame('The number of files', message.attachments.length, 2)
      areCards(message)
    },
  },
  {
    name: 'a reply quotes the right message',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const asked = await customer.reply('Blue or red?')
      await customer.reply('Both are here.')
      const [question] = await customer.received(2)
      await customer.status(asked, 'delivered')
      const said = customer.person.reply(question?.keyId ?? '', 'Blue')
      expectQuote(await customer.arrival(said), asked)
      const again = await customer.arrival(customer.person.reply(said.keyId, 'No, red!'))
      const [blue] = customer.inHelpdesk([said.keyId])
      expectThat(blue !== undefined, 'The first answer should be there.')
      if (blue !== undefined) expectQuote(again, blue)
    },
  },
]
