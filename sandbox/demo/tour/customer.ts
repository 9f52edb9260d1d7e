import type { ReplyOptions } from '../../chatwoot/agents.ts'
import type { Message } from '../../chatwoot/types.ts'
import type { Person, PersonOptions } from '../../wasender/people.ts'
import type { PhoneMessage } from '../../wasender/phones.ts'
import type { Said } from '../../wasender/voice.ts'
import type { DemoWorld } from '../world.ts'
import { expectThat } from './step.ts'

/** A customer of the tour with a conversation of their own, and what to look for on both sides. */
export type Customer = {
  phone: string
  person: Person
  conversation: number
  /** Everything in the conversation, oldest first. */
  thread(): Message[]
  /** Messages of the helpdesk that carry these ids of WhatsApp. */
  inHelpdesk(keyIds: readonly string[]): Message[]
  /** Waits until the helpdesk has the message. */
  arrival(said: Said): Promise<Message>
  /** Waits for a message of the conversation. `what` names it in case it does not come. */
  shown(what: string, fits: (message: Message) => boolean): Promise<Message>
  /** The agent writes; resolves to the message in the helpdesk. */
  reply(text: string | null, options?: ReplyOptions): Promise<Message>
  /** Waits until the customer's phone holds so many messages of the business. */
  received(count: number): Promise<PhoneMessage[]>
  /** Waits for a private note like this, up to the time after which agents are told of an outage. */
  note(text: RegExp): Promise<Message>
  /** Waits until the agent sees the message in this state. */
  status(message: Message, status: Message['status']): Promise<Message>
}

/** Long enough for a slow machine; only steps that fail take it. */
export const WAIT_MS = 15_000

/** An outage that is over within ten seconds is not told. */
const NOTE_WAIT_MS = 10_000 + WAIT_MS

const FIRST_PHONE = 12_025_550_110
let made = 0

/** A number nobody has used yet. */
export function newPhone(): string {
  made += 1
  return `+${FIRST_PHONE + made}`
}

/** Makes somebody new, who writes first: every step stands on its own, whatever became of the others. */
export async function newCustomer(
  world: DemoWorld,
  profile: Omit<PersonOptions, 'phone'> = {},
): Promise<Customer> {
  const phone = newPhone()
  const person = world.wasender.person({ phone, name: 'Maria Example', ...profile })
  const { keyId } = person.sendText('Hello')
  const { conversationId } = await world.chatwoot.waitFor(() => carrying(world, [keyId])[0], {
    description: 'the first message in the helpdesk',
    timeoutMs: WAIT_MS,
  })
  return watch(world, person, conversationId)
}

/** What to look for in the conversation with somebody. */
export function watch(world: DemoWorld, person: Person, conversation: number): Customer {
  const { wasender, chatwoot } = world
  const phone = `+${person.profile.phone}`
  const thread = () => chatwoot.messages(conversation)
  const shown: Customer['shown'] = (what, fits) =>
    chatwoot.waitFor(() => thread().find(fits), { description: what, timeoutMs: WAIT_MS })

  return {
    phone,
    person,
    conversation,
    thread,
    inHelpdesk: (keyIds) => carrying(world, keyIds),
    arrival: ({ keyId }) => shown('the message in the helpdesk', (m) => m.sourceId === keyId),
    shown,
    reply: (text, options) => chatwoot.agent().reply(conversation, text, options),
    received: (count) =>
      wasender.waitFor(
        () => {
          const messages = wasender.inbox(phone)
          return messages.length >= count && messages
        },
        { what: "the message on the customer's phone", timeoutMs: WAIT_MS },
      ),
    note: (text) =>
      chatwoot.waitFor(() => thread().find((m) => m.private && text.test(m.content ?? '')), {
        description: `a note like ${text}`,
        timeoutMs: NOTE_WAIT_MS,
      }),
    status: ({ id }, status) =>
      shown(`the agent to see "${status}"`, (m) => m.id === id && m.status === status),
  }
}

function carrying({ chatwoot }: DemoWorld, keyIds: readonly string[]): Message[] {
  return chatwoot.allMessages(({ sourceId }) => sourceId !== null && keyIds.includes(sourceId))
}

/** Waits until both platforms have told everything, so that "only once" can be judged. */
export async function calm({ chatwoot }: DemoWorld, ...said: Said[]): Promise<void> {
  await Promise.all(said.map(({ delivered }) => delivered))
  await chatwoot.settled()
}

/** The customer's phone has exactly these texts of the business, in this order. */
export function expectTexts(
  { wasender }: DemoWorld,
  { phone }: Customer,
  texts: readonly string[],
): void {
  const got = wasender.inbox(phone).map(({ text }) => text)
  const same = got.length === texts.length && got.every((text, index) => text === texts[index])
  expectThat(same, `The phone should hold ${texts.length} messages in order, not ${got.length}.`)
}
