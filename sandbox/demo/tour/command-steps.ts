import type { PhoneMessage } from '../../wasender/phones.ts'
import { SAMPLES } from '../samples/samples.ts'
import type { DemoWorld } from '../world.ts'
import { type Customer, calm, newCustomer } from './customer.ts'
import { expectFile, expectSame, expectText } from './expect.ts'
import { expectThat, type Step } from './step.ts'

const { sticker } = SAMPLES

/** The agent writes a command; resolves to the text of the private note that answers it. */
async function command(customer: Customer, text: string, options: object = {}): Promise<string> {
  const { id } = await customer.reply(text, { private: true, ...options })
  const answer = await customer.shown(
    'the answer to the command',
    (message) => message.private && message.id > id,
  )
  return answer.content ?? ''
}

type Row = {
  name: string
  write: string
  answer: RegExp
  /** What the customer gets; nothing when this is left out. */
  received?: (message: PhoneMessage | undefined) => void
}

const ROWS: readonly Row[] = [
  { name: '!help lists the commands', write: '!help', answer: /!poll[\s\S]*!location/ },
  { name: '!status tells of the connection', write: '!status', answer: /connected/ },
  {
    name: 'an unknown command is answered and never sent',
    write: '!pol A | B',
    answer: /!poll/,
  },
  {
    name: '!location sends a place',
    write: '!location 52.52,13.405 Bike shop | Main Street 1',
    answer: /sent/,
    received: (message) => {
      expectSame('The kind', message?.kind, 'location')
      expectSame('The name', message?.location?.name, 'Bike shop')
      expectSame('The latitude', message?.location?.latitude, 52.52)
    },
  },
  {
    name: '!contact sends a card',
    write: '!contact John Example | +12025550102',
    answer: /sent/,
    received: (message) => {
      expectSame('The kind', message?.kind, 'contact')
      expectText('The number', message?.contact?.phone, /12025550102/)
    },
  },
]

const rowStep = ({ name, write, answer, received }: Row): Step => ({
  name,
  direction: 'agent commands',
  async run(world) {
    const customer = await newCustomer(world)
    expectText('The answer', await command(customer, write), answer)
    await calm(world)
    const inbox = world.wasender.inbox(customer.phone)
    expectSame('What the phone holds', inbox.length, received === undefined ? 0 : 1)
    received?.(inbox[0])
  },
})

/** A reply that is on the customer's phone already. */
async function sentReply(world: DemoWorld, text: string) {
  const customer = await newCustomer(world)
  const reply = await customer.reply(text)
  const [received] = await customer.received(1)
  await customer.status(reply, 'delivered')
  if (received === undefined) throw new Error('The phone has lost the reply')
  return { customer, received }
}

/** Commands in private notes. */
export const COMMAND_STEPS: readonly Step[] = [
  ...ROWS.map(rowStep),
  {
    name: '!poll asks, and the votes are shown',
    direction: 'agent commands',
    async run(world) {
      const customer = await newCustomer(world)
      await command(customer, '!poll Which color? | Blue | Red')
      const [poll] = await customer.received(1)
      expectSame('The kind', poll?.kind, 'poll')
      for (const color of ['Red', 'Blue']) customer.person.vote(poll?.keyId ?? '', [color])
      // Votes that come close together are told of together, after a while.
      const tally = /Blue\W+1\s+\W*Red\W+0/
      const result = await world.chatwoot.waitFor(
        () => customer.thread().find(({ content }) => tally.test(content ?? '')),
        { description: 'the result', timeoutMs: 10_000 },
      )
      const asked = customer.thread().find(({ content }) => content?.startsWith('!poll') === true)
      expectSame('The quoted message', result.contentAttributes.in_reply_to, asked?.id)
    },
  },
  {
    name: '!edit changes the last message',
    direction: 'agent commands',
    async run(world) {
      const { customer, received } = await sentReply(world, 'It costs 24.')
      expectText('The answer', await command(customer, '!edit It costs **240**.'), /240/)
      expectSame('The text on the phone', received.text, 'It costs *240*.')
    },
  },
  {
    name: '!delete deletes the last message for everyone',
    direction: 'agent commands',
    async run(world) {
      const { customer, received } = await sentReply(world, 'Not for you')
      await command(customer, '!delete')
      expectThat(received.deletedAt !== undefined, 'It should be deleted on the phone.')
    },
  },
  {
    name: '!sticker sends a picture as a sticker',
    direction: 'agent commands',
    async run(world) {
      const customer = await newCustomer(world)
      const { fileName: filename, mimetype: contentType, bytes } = sticker
      await command(customer, '!sticker', { attachments: [{ filename, contentType, bytes }] })
      const [received] = await customer.received(1)
      expectSame('The kind', received?.kind, 'sticker')
      if (received !== undefined) expectFile(received, sticker)
    },
  },
  {
    name: '!block and !unblock stop and let in the customer',
    direction: 'agent commands',
    async run(world) {
      const customer = await newCustomer(world)
      const { profile } = customer.person
      await command(customer, '!block')
      expectThat(profile.blocked, 'The customer should be blocked.')
      await command(customer, '!unblock')
      expectThat(!profile.blocked, 'The customer should not be blocked any more.')
    },
  },
]
