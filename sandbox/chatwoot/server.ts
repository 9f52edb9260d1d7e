import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { systemClock } from '../../src/kernel/clock.ts'
import { createFaults } from '../faults.ts'
import { type Agent, createAgent } from './agents.ts'
import type { App } from './api.ts'
import { createApp } from './app.ts'
import { createAutomation } from './automation.ts'
import { createBlobStore } from './blobs.ts'
import { mountControl } from './control.ts'
import { changeInbox } from './inboxes.ts'
import { createCallLedger } from './ledger.ts'
import { createViews } from './ledger-views.ts'
import { conversationOf, related } from './lookups.ts'
import { createRandom } from './random.ts'
import { addBot, addInbox, addUser, ensureAccount } from './seed.ts'
import { createSignal, waitOn } from './signal.ts'
import type { ChatwootStandIn, ChatwootStandInOptions } from './stand-in.ts'
import { createWorld, type World } from './state.ts'
import type { AgentBot, User } from './types.ts'
import { featuresOf } from './versions.ts'
import { createWebhookDispatcher } from './webhooks.ts'

export type { ChatwootStandIn, ChatwootStandInOptions } from './stand-in.ts'

/**
 * Starts a stand-in for Chatwoot on 127.0.0.1: same answers, same webhooks, same oddities (docs/platforms/chatwoot.md).
 * It shares no code with the bridge's own client, so that a misunderstanding cannot hide on both sides.
 *
 * @example
 * const chatwoot = await startChatwootStandIn({ inboxes: [{ name: 'Sales', webhookUrl }] })
 * await chatwoot.agent().reply(1, 'Hello')
 */
export async function startChatwootStandIn(
  options: ChatwootStandInOptions = {},
): Promise<ChatwootStandIn> {
  const { accountId = 1 } = options
  const world = await openWorld(options)
  const people = populate(world, accountId, options)
  const faults = createFaults()
  const ledger = createCallLedger(world.clock, world.signal)
  const webhooks = createWebhookDispatcher(world, {
    timeoutMs: options.webhookTimeoutMs ?? 5000,
    faults: options.webhookFaults ?? {},
  })
  const crashes: Error[] = []
  const onCrash = (error: Error) => void crashes.push(error)
  const app = createApp({ world, ledger, faults, onCrash })
  const agentOf = (account: number, name?: string) => agentIn(world, account, name)
  mountControl(app, { world, faults, webhooks, agentOf, accountId })
  const server = await listen(app, options.port ?? 0)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  world.frontendUrl = options.frontendUrl?.replace(/\/+$/, '') ?? url

  return {
    url,
    version: world.version,
    accountId,
    adminToken: people.admin.token,
    agentToken: people.agent.token,
    botToken: people.bot.token,
    faults,
    calls: ledger.calls,
    crashes,
    webhookLog: webhooks.log,
    automation: createAutomation(world, accountId, people.bot),
    agent: ({ name, accountId: account = accountId } = {}) => agentOf(account, name),
    addInbox: (input) => structuredClone(addInbox(world, accountId, input)),
    updateInbox: (id, values) => {
      const inbox = related(world.inboxes, id)
      changeInbox(world, inbox, values)
      return structuredClone(inbox)
    },
    breakConversation: (id) => {
      world.broken.add(conversationOf(world, accountId, id))
    },
    ...createViews(world, accountId),
    countOf: ledger.countOf,
    setWebhookFaults: webhooks.setFaults,
    waitFor: (predicate, wait) => waitOn(world.signal, predicate, wait),
    settled: async (wait) => {
      const description = 'all webhooks to be delivered'
      await waitOn(world.signal, () => webhooks.inFlight() === 0, { description, ...wait })
    },
    close: async () => {
      await webhooks.close()
      await shut(server)
      await world.blobs.close()
    },
  }
}

async function openWorld(options: ChatwootStandInOptions): Promise<World> {
  const { version = '4.16.2', clock = systemClock, messagesPerMinute = 200 } = options
  const random = createRandom(options.seed ?? 1)
  const blobs = await createBlobStore({ clock, random, raceMs: options.attachmentRaceMs ?? 0 })
  const has = featuresOf(version)
  return createWorld({
    ...{ version, has, clock, random, blobs, messagesPerMinute },
    signal: createSignal(),
  })
}

/** The people, bot and inboxes a stand-in begins with. */
function populate(
  world: World,
  accountId: number,
  { users = [], inboxes = [{ name: 'WhatsApp' }] }: ChatwootStandInOptions,
): { admin: User; agent: User; bot: AgentBot } {
  ensureAccount(world, accountId, 'Acme Support')
  const agents = [{ name: 'Ana Lima', availableName: 'Ana', email: 'ana@example.com' }, ...users]
  const [agent] = agents.map((user) => addUser(world, accountId, user))
  const admin = addUser(world, accountId, {
    name: 'WhatsApp Bridge',
    email: 'bridge@example.com',
    role: 'administrator',
  })
  const bot = addBot(world, accountId, 'WhatsApp phone')
  for (const inbox of inboxes) addInbox(world, accountId, inbox)
  return { admin, agent: agent ?? admin, bot }
}

/** The first agent of an account, or the one of that name; made when missing. */
function agentIn(world: World, accountId: number, name?: string): Agent {
  const known = [...world.users.values()].find(
    (user) => (name === undefined || user.name === name) && user.roles[accountId] === 'agent',
  )
  return createAgent(
    world,
    accountId,
    known ?? addUser(world, accountId, { name: name ?? 'Ana Lima' }),
  )
}

async function listen(app: App, port: number): Promise<Server> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function shut(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
