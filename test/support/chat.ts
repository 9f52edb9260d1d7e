import type { ReplyOptions } from '../../sandbox/chatwoot/agents.ts'
import type { Person } from '../../sandbox/wasender/people.ts'
import { newCustomer } from './use-world.ts'
import { startWorld, type World, type WorldOptions } from './world.ts'

export const PHONE = '+15550001111'

/** A conversation between one customer and the agents, through the real bridge. */
export type Chat = {
  world: World
  /** The customer's number. */
  phone: string
  conversation: number
  /** What the customer has got from the business, oldest first. */
  got(): ReturnType<World['wasender']['inbox']>
  /** Waits until the customer has got `count` messages in all. */
  gets(count: number): Promise<ReturnType<World['wasender']['inbox']>>
  reply(text: string | null, options?: ReplyOptions): ReturnType<Agent['reply']>
  /** A message as Chatwoot has it now. */
  message(id: number): ReturnType<World['chatwoot']['allMessages']>[number]
  /** Private notes the bridge wrote, oldest first; those that answer `settled` are left out. */
  notes(): string[]
  /** Lets the customer write, waits until it is in Chatwoot and resolves with the message there. */
  says(text: string): Promise<ReturnType<World['chatwoot']['allMessages']>[number]>
  /** Everything that is on its way arrives, in both directions. Needs the option `commands`. */
  settled(): Promise<void>
  close(): Promise<void>
}

type Agent = ReturnType<World['chatwoot']['agent']>

/** In a world of its own, which ends with it. */
export async function startChat(options: WorldOptions = {}): Promise<Chat> {
  const world = await startWorld(options)
  const maria = world.wasender.person({ phone: PHONE, lid: '189975000000001', name: 'Maria' })
  return { ...(await converse(world, maria, PHONE)), close: () => world.close() }
}

/** With a new customer of a world that others use, too. */
export async function openChat(world: World): Promise<Chat> {
  const maria = newCustomer(world)
  return { ...(await converse(world, maria, maria.phone)), close: async () => {} }
}

async function converse(world: World, maria: Person, phone: string): Promise<Omit<Chat, 'close'>> {
  const { wasender, chatwoot } = world
  const got = () => wasender.inbox(phone)
  const wait = { timeoutMs: 20_000 }
  const markers = new Set<string | null>()

  async function says(text: string) {
    const { keyId } = maria.sendText(text)
    return chatwoot.waitFor(
      () => chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
      wait,
    )
  }

  const { conversationId: conversation } = await says('Hello')
  return {
    world,
    phone,
    conversation,
    got,
    says,
    gets: (count) => wasender.waitFor(() => (got().length >= count ? got() : undefined), wait),
    reply: (text, given) => chatwoot.agent().reply(conversation, text, given),
    message(id) {
      const found = chatwoot.allMessages().find((message) => message.id === id)
      if (found === undefined) throw new Error('Chatwoot has no such message')
      return found
    },
    notes: () =>
      chatwoot
        .messages(conversation)
        .filter(({ private: isNote, sourceId }) => isNote && sourceId && !markers.has(sourceId))
        .map(({ content }) => content ?? ''),
    async settled() {
      await chatwoot.settled()
      // Behind everything that waits in the lanes of the chat: a message in one, a command in the other.
      await says('marker')
      const note = await chatwoot.agent().reply(conversation, '!marker', { private: true })
      const answer = `command:${note.id}`
      markers.add(answer)
      await chatwoot.waitFor(
        () => chatwoot.allMessages().some(({ sourceId }) => sourceId === answer),
        wait,
      )
      await chatwoot.settled()
    },
  }
}

/** Answers of the gateway to a send it refuses for good. */
export const refusal = {
  kind: 'answer',
  method: 'POST',
  path: '/send-message',
  status: 422,
  body: { success: false, message: 'Validation failed', errors: { text: ['Too odd.'] } },
} as const
