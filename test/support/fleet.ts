import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'yaml'
import { type ChatwootStandIn, startChatwootStandIn } from '../../sandbox/chatwoot/server.ts'
import { startWasenderStandIn, type WasenderStandIn } from '../../sandbox/wasender/server.ts'
import type { Session } from '../../sandbox/wasender/session.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { startBalancer } from './balancer.ts'
import { type BridgeProcess, clockAhead, startBridgeProcess } from './bridge-process.ts'
import { startSharedRedis } from './shared-redis.ts'

/** One account of the bridge with both of its ends. */
export type FleetAccount = {
  id: string
  session: Session
  chatwoot: ChatwootStandIn
  /** Chatwoot's account number; conversation ids are counted per account. */
  accountId: number
  inboxId: number
}

/** Several accounts through one bridge, with time that can be moved. */
export type Fleet = {
  wasender: WasenderStandIn
  /** Each once, although accounts share them. */
  chatwoots: ChatwootStandIn[]
  accounts: FleetAccount[]
  /** The time of the stand-ins, and of bridges that are started from now on. */
  clock: Clock & { ahead(ms: number): void }
  /** The first of the processes; most fleets have no other. */
  readonly bridge: BridgeProcess
  /** All of them. */
  readonly bridges: readonly BridgeProcess[]
  /** Starts a bridge again, on the same port and files, after it has ended; the first one when `index` is absent. */
  restart(env?: Record<string, string>, index?: number): Promise<void>
  /** Resolves when the bridge has nothing in its spool. */
  played(index: number): Promise<void>
  /** Sends a signal to Redis: SIGKILL when absent. One that several bridges share is started again. */
  killRedis(signal?: NodeJS.Signals): void
  /** Stops everything; the bridge's exit code. */
  close(): Promise<number | null>
}

/**
 * Where each account lives: two of them on one Chatwoot, where conversations have equal ids, the third on another one,
 * where messages have equal ids, too.
 */
const PLACES = [
  { id: 'sales', chatwoot: 0, accountId: 1 },
  { id: 'support', chatwoot: 0, accountId: 2 },
  { id: 'berlin', chatwoot: 1, accountId: 1 },
] as const

const POLL_MS = 20

export type FleetOptions = {
  /** How many accounts, up to three. */
  accounts?: number
  seed?: number
  /** `accounts[].options` of every account. */
  options?: Record<string, unknown>
  env?: Record<string, string>
  /** Several bridges share a Redis, and a balancer hands each webhook to one of them. One when absent. */
  processes?: number
}

export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const { seed = 1, env = {}, processes = 1 } = options
  const dir = await mkdtemp(join(tmpdir(), 'fleet-'))
  const clock = movableClock()
  const platforms = await startPlatforms(PLACES.slice(0, options.accounts ?? 1), { seed, clock })
  const { wasender, accounts } = platforms
  const redis = processes === 1 ? undefined : await startSharedRedis(join(dir, 'redis'))

  async function start(index: number, port: number, more: Record<string, string> = {}) {
    const home = join(dir, String(index))
    await mkdir(home, { recursive: true })
    const configPath = join(home, 'bridge.yaml')
    await writeFile(
      configPath,
      stringify({ ...configOf(platforms, options.options ?? {}), ...storageOf(home, redis?.url) }),
    )
    return startBridgeProcess({
      configPath,
      port,
      env: { ...clockAhead(clock.now() - Date.now()), ...env, ...more },
    })
  }

  const bridges = await Promise.all(
    Array.from({ length: processes }, (_, index) => start(index, 0)),
  )
  const [first] = bridges as [BridgeProcess]
  const balancer = processes === 1 ? undefined : await startBalancer(bridges.map(({ url }) => url))
  const fleet: Fleet = {
    ...platforms,
    clock,
    bridges,
    get bridge() {
      return bridges[0] as BridgeProcess
    },
    async restart(more, index = 0) {
      bridges[index] = await start(index, (bridges[index] ?? first).port, more)
    },
    async played(index) {
      const spool = join(dir, String(index), 'data', 'spool')
      while ((await readdir(spool)).some((name) => name.endsWith('.jsonl'))) await pause(POLL_MS)
    },
    killRedis(signal = 'SIGKILL') {
      if (redis !== undefined) return redis.kill(signal)
      const up = fleet.bridge.log.findLast(({ msg }) => msg === 'Private Redis is up')
      if (typeof up?.pid === 'number') process.kill(up.pid, signal)
    },
    async close() {
      const exits = await Promise.all(bridges.map((bridge) => bridge.stop()))
      await Promise.all([wasender.close(), ...platforms.chatwoots.map((each) => each.close())])
      await balancer?.close()
      await redis?.stop()
      await rm(dir, { recursive: true, force: true })
      return exits.find((exit) => exit !== 0) ?? 0
    },
  }
  const url = balancer?.url ?? first.url
  for (const { id, session, chatwoot, inboxId } of accounts) {
    session.webhookUrl = `${url}/webhooks/wasender/${id}`
    chatwoot.updateInbox(inboxId, { webhookUrl: `${url}/webhooks/chatwoot/${id}` })
  }
  return fleet
}

function movableClock(): Fleet['clock'] {
  let shift = 0
  return {
    now: () => Date.now() + shift,
    ahead: (ms) => {
      shift += ms
    },
  }
}

type Platforms = Pick<Fleet, 'wasender' | 'chatwoots' | 'accounts'>

async function startPlatforms(
  places: readonly (typeof PLACES)[number][],
  { seed, clock }: { seed: number; clock: Clock },
): Promise<Platforms> {
  const wasender = await startWasenderStandIn({
    seed,
    clock,
    retryMs: 700,
    sessions: places.map(({ id }) => ({ webhookSecret: `wasender-secret-of-${id}` })),
  })
  const servers = Math.max(...places.map(({ chatwoot }) => chatwoot)) + 1
  const chatwoots = await Promise.all(
    Array.from({ length: servers }, (_, index) =>
      startChatwootStandIn({
        seed: seed + index,
        clock,
        messagesPerMinute: 1_000_000,
        inboxes: places
          .filter(({ chatwoot }) => chatwoot === index)
          .map(({ id, accountId }) => ({
            name: id,
            accountId,
            secret: `chatwoot-secret-of-${id}`,
            lockToSingleConversation: true,
          })),
      }),
    ),
  )
  const accounts = places.map((place, index): FleetAccount => {
    const chatwoot = chatwoots[place.chatwoot] as ChatwootStandIn
    const inbox = chatwoot.inboxes().find(({ name }) => name === place.id)
    const session = wasender.sessions()[index]
    if (inbox === undefined || session === undefined) throw new Error('A stand-in lacks a place')
    return { id: place.id, session, chatwoot, accountId: place.accountId, inboxId: inbox.id }
  })
  return { wasender, chatwoots, accounts }
}

/** Sends are not paced: what is looked for here happens between them, and in the customers' conversations alone. */
function configOf(platforms: Platforms, options: Record<string, unknown>) {
  const { wasender, accounts } = platforms
  return {
    server: { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1' },
    accounts: accounts.map(({ id, session, chatwoot, accountId, inboxId }) => ({
      id,
      wasender: {
        baseUrl: wasender.apiUrl,
        apiKey: session.apiKey,
        webhookSecret: session.webhookSecret,
      },
      chatwoot: {
        baseUrl: chatwoot.url,
        accountId,
        inboxId,
        apiAccessToken: chatwoot.adminToken,
        webhookSecret: `chatwoot-secret-of-${id}`,
      },
      options: { pace: 0, operatorConversation: false, ...options },
    })),
  }
}

/** Alone, a bridge has files and a Redis of its own; beside others it keeps everything in the one they share. */
function storageOf(home: string, redisUrl: string | undefined) {
  const data = { dir: join(home, 'data') }
  if (redisUrl === undefined) return { data }
  return { data: { ...data, store: 'redis' }, redis: { url: redisUrl } }
}
