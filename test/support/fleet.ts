import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stringify } from 'yaml'
import type { Clock } from '../../src/clock.ts'
import { type ChatwootStandIn, startChatwootStandIn } from '../../src/sandbox/chatwoot/server.ts'
import { startWasenderStandIn, type WasenderStandIn } from '../../src/sandbox/wasender/server.ts'
import type { Session } from '../../src/sandbox/wasender/session.ts'
import { type BridgeProcess, startBridgeProcess } from './bridge-process.ts'

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
  bridge: BridgeProcess
  /** Starts the bridge again, on the same port and files, after it has ended. */
  restart(env?: Record<string, string>): Promise<void>
  /** Sends a signal to the private Redis: SIGKILL when absent. */
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

const SHIFT_CLOCK = pathToFileURL(join(import.meta.dirname, 'shift-clock.ts')).href

export type FleetOptions = {
  /** How many accounts, up to three. */
  accounts?: number
  seed?: number
  /** `accounts[].options` of every account. */
  options?: Record<string, unknown>
  env?: Record<string, string>
}

export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const { seed = 1, env = {} } = options
  const dir = await mkdtemp(join(tmpdir(), 'fleet-'))
  const clock = movableClock()
  const platforms = await startPlatforms(PLACES.slice(0, options.accounts ?? 1), { seed, clock })
  const { wasender, accounts } = platforms
  const configPath = join(dir, 'bridge.yaml')
  await writeFile(configPath, stringify(configOf(dir, platforms, options.options ?? {})))

  const start = (port: number, more: Record<string, string> = {}) =>
    startBridgeProcess({
      configPath,
      port,
      env: {
        NODE_OPTIONS: `--import=${SHIFT_CLOCK}`,
        TEST_CLOCK_SHIFT_MS: String(clock.now() - Date.now()),
        ...env,
        ...more,
      },
    })

  const fleet: Fleet = {
    ...platforms,
    clock,
    bridge: await start(0),
    async restart(more) {
      fleet.bridge = await start(fleet.bridge.port, more)
    },
    killRedis(signal = 'SIGKILL') {
      const up = fleet.bridge.log.findLast(({ msg }) => msg === 'Private Redis is up')
      if (typeof up?.pid === 'number') process.kill(up.pid, signal)
    },
    async close() {
      const exit = await fleet.bridge.stop()
      await Promise.all([wasender.close(), ...platforms.chatwoots.map((each) => each.close())])
      await rm(dir, { recursive: true, force: true })
      return exit
    },
  }
  for (const { id, session, chatwoot, inboxId } of accounts) {
    session.webhookUrl = `${fleet.bridge.url}/webhooks/wasender/${id}`
    chatwoot.updateInbox(inboxId, { webhookUrl: `${fleet.bridge.url}/webhooks/chatwoot/${id}` })
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
function configOf(dir: string, platforms: Platforms, options: Record<string, unknown>) {
  const { wasender, accounts } = platforms
  return {
    server: { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1' },
    data: { dir: join(dir, 'data') },
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
