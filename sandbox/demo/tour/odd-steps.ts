import { type Arrival, arrivalSteps } from './arrivals.ts'
import { calm, newCustomer } from './customer.ts'
import { expectSame, expectText } from './expect.ts'
import type { Step } from './step.ts'

const STORIES = 'status@broadcast'
const CHANNEL = '120363000000000001@newsletter'

const ROWS: readonly Arrival[] = [
  {
    name: "a message inside the chat's own update arrives",
    send: ({ person }) => person.sendText('Do you hear me?', { events: ['chats.update'] }),
    content: /^Do you hear me\?$/,
  },
]

/** What is rare, or cannot be carried. */
export const ODD_STEPS: readonly Step[] = [
  ...arrivalSteps(ROWS),
  {
    name: 'a missed call leaves one line',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const id = await customer.person.call({ isVideo: true })
      await customer.person.call({ id, isVideo: true, status: 'timeout' })
      const isCall = ({ content }: { content: string | null }) => /video call/i.test(content ?? '')
      await customer.shown('the line about the call', isCall)
      await calm(world)
      expectSame('The number of lines', customer.thread().filter(isCall).length, 1)
    },
  },
  {
    name: 'stories and channels are left alone',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const before = world.chatwoot.allMessages().length
      const said = [STORIES, CHANNEL].map((jid) => customer.person.inChat(jid).sendText('Look!'))
      const last = customer.person.sendText('For you only')
      await customer.arrival(last)
      await calm(world, ...said, last)
      expectSame('The number of new messages', world.chatwoot.allMessages().length - before, 1)
      expectText('The text', customer.thread().at(-1)?.content, /^For you only$/)
    },
  },
]
