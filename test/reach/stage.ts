import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ReplyOptions } from '../../sandbox/chatwoot/agents.ts'
import type { Message } from '../../sandbox/chatwoot/types.ts'
import { en } from '../../src/content/locale/en.ts'
import { arrived } from '../support/arrived.ts'
import { startWorld, type World } from '../support/world.ts'

const CLI = join(import.meta.dirname, '../../src/cli/main.ts')
const ADMIN_TOKEN = 'a-long-random-token-of-the-stage'
const WAIT = { timeoutMs: 20_000 }
const FIRST_PHONE = 15_550_002_000

type Person = ReturnType<World['wasender']['person']>

/** A bridge with everything switched on, and a customer with a conversation of their own per row. */
export type Stage = Pick<World, 'wasender' | 'chatwoot'> & {
  phone: string
  maria: Person
  conversation: number
  reply(text: string | null, options?: ReplyOptions): Promise<Message>
  /** What the customer got from the business. */
  inbox(): ReturnType<World['wasender']['inbox']>
  received(count: number): Promise<ReturnType<World['wasender']['inbox']>>
  /** Waits until one more message is on the customer's phone. */
  sends(written: Promise<Message>): Promise<void>
  arrived(keyId: string): Promise<Message>
  /** Waits for a message in the customer's conversation. */
  shown(fits: (message: Message) => boolean): Promise<Message>
  /** Waits until the agent's message is shown so. */
  status(id: number, status: Message['status']): Promise<void>
  /** The operator's conversation, which the first change of the session makes. */
  operator(): Promise<number>
  /** Runs the real command line with `--json`; resolves with what it printed. */
  cli(...args: string[]): Promise<unknown>
  /** Asks the admin API. */
  admin(path: string): Promise<unknown>
}

export type Theatre = { world: World; open(): Promise<Stage>; close(): Promise<void> }

export async function startTheatre(routes: 'unified' | 'per-type'): Promise<Theatre> {
  const world = await startWorld({
    options: { channels: 'bridge', operatorConversation: true },
    wasender: { routes, retryMs: 50, sessions: [{ webhookSecret: 'reach-webhook-secret' }] },
    config: {
      server: {
        host: '127.0.0.1',
        port: 0,
        publicUrl: 'http://127.0.0.1',
        adminToken: ADMIN_TOKEN,
      },
    },
    withAccessToken: true,
  })
  let people = 0
  return {
    world,
    open() {
      people += 1
      return openStage(world, `+${FIRST_PHONE + people}`)
    },
    close: world.close,
  }
}

async function openStage(world: World, phone: string): Promise<Stage> {
  const { wasender, chatwoot } = world
  const lid = `18997${phone.slice(-10)}`
  const maria = wasender.person({ phone, lid, name: 'Maria' })
  const hello = await arrived(world, maria.sendText('Hello').keyId)
  const conversation = hello.conversationId
  const inbox = () => wasender.inbox(phone)
  const received = (count: number) =>
    wasender.waitFor(() => (inbox().length >= count ? inbox() : undefined), WAIT)
  return {
    wasender,
    chatwoot,
    phone,
    maria,
    conversation,
    inbox,
    received,
    reply: (text, options) => chatwoot.agent().reply(conversation, text, options),
    async sends(written) {
      const before = inbox().length
      await written
      await received(before + 1)
    },
    arrived: (keyId) => arrived(world, keyId),
    shown: (fits) => chatwoot.waitFor(() => chatwoot.messages(conversation).find(fits), WAIT),
    async status(id, status) {
      const isThere = (message: Message) => message.id === id && message.status === status
      await chatwoot.waitFor(() => chatwoot.messages(conversation).some(isThere), WAIT)
    },
    operator: () =>
      chatwoot.waitFor(() => {
        const contact = chatwoot.contacts().find(({ name }) => name === en.operator.contact)
        return chatwoot.conversations().find(({ contactId }) => contactId === contact?.id)?.id
      }, WAIT),
    async cli(...args) {
      const all = [CLI, '--config', world.configPath, '--json', ...args]
      const { stdout } = await promisify(execFile)(process.execPath, all)
      return JSON.parse(stdout)
    },
    async admin(path) {
      const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` }
      const answer = await fetch(`${world.bridge.url}/admin/api/${path}`, { headers })
      if (!answer.ok) throw new Error(`The admin API answers ${answer.status}`)
      return answer.json()
    },
  }
}
