import type { Message } from '../../chatwoot/types.ts'
import type { Person } from '../../wasender/people.ts'
import type { PhoneMessage } from '../../wasender/phones.ts'
import type { Said } from '../../wasender/voice.ts'
import type { DemoWorld } from '../world.ts'
import { expectThat } from './step.ts'

/** A customer of the tour with a conversation of their own, and what to look for on both sides. */
export type Customer = {
  phone: string
  person: Person
  conversation: number
  /** Messages of the conversation that carry these ids of WhatsApp. */
  inHelpdesk(keyIds: readonly string[]): Message[]
  /** Waits until the helpdesk has the message. */
  arrival(said: Said): Promise<Message>
  /** The agent writes; resolves to the message in the helpdesk. */
  reply(text: string): Promise<Message>
  /** Waits until the customer's phone holds so many messages of the business. */
  received(count: number): Promise<PhoneMessage[]>
  /** Waits until the agent sees the message in this state. */
  status(message: Message, status: Message['status']): Promise<Message>
}

const FIRST_PHONE = 12_025_550_110

/** Makes somebody new, who writes first: every step stands on its own, whatever became of the others. */
export async function newCustomer(world: DemoWorld): Promise<Customer> {
  const { wasender, chatwoot } = world
  const phone = `+${FIRST_PHONE + chatwoot.contacts().length}`
  const person = wasender.person({ phone, name: 'Maria Example' })
  const inHelpdesk = (keyIds: readonly string[]) =>
    chatwoot.allMessages().filter(({ sourceId }) => sourceId !== null && keyIds.includes(sourceId))
  const arrival = ({ keyId }: Said) =>
    chatwoot.waitFor(() => inHelpdesk([keyId])[0], { description: 'the message in the helpdesk' })
  const { conversationId: conversation } = await arrival(person.sendText('Hello'))

  return {
    phone,
    person,
    conversation,
    inHelpdesk,
    arrival,
    reply: (text) => chatwoot.agent().reply(conversation, text),
    received: (count) =>
      wasender.waitFor(
        () => {
          const messages = wasender.inbox(phone)
          return messages.length >= count && messages
        },
        { what: "the message on the customer's phone" },
      ),
    status: ({ id }, status) =>
      chatwoot.waitFor(
        () =>
          chatwoot
            .messages(conversation)
            .find((message) => message.id === id && message.status === status),
        { description: `the agent to see "${status}"` },
      ),
  }
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
