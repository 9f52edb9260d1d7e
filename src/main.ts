import { join } from 'node:path'
import type { Redis } from 'ioredis'
import type { Account } from './account.ts'
import { createAdminApi } from './admin/admin-api.ts'
import { systemClock } from './clock.ts'
import type { BridgeConfig } from './config/schema.ts'
import { withCrashPoints } from './crash-points.ts'
import { accountState, createAccount } from './create-account.ts'
import { createDelivery, type Delivery } from './delivery/delivery.ts'
import { openSpool } from './delivery/spool.ts'
import { createHttpApp } from './http/app.ts'
import { listen } from './http/listen.ts'
import type { Verifiable } from './http/verify.ts'
import type { AccountId } from './ids.ts'
import type { Logger } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createObserver } from './observe.ts'
import { checkRedis } from './redis/check.ts'
import { openRedis } from './redis/open.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/types.ts'

export type BridgeOptions = { config: BridgeConfig; log: Logger }

/** A running bridge. */
export type Bridge = {
  port: number
  /** Stops accepting, finishes what is in hand, makes everything durable. */
  stop(): Promise<void>
}

/** Keys of the bridge in Redis, so that it can share one with others. */
const PREFIX = 'wasender-chatwoot:'
const clock = systemClock

/**
 * Wires the bridge and starts it: Redis, store, accounts, delivery, HTTP; stops it in the opposite order.
 *
 * @throws {ConfigError} when something the operator has to mend is missing.
 */
export async function startBridge({ config, log }: BridgeOptions): Promise<Bridge> {
  const closing: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    const metrics = createMetrics()
    const observer = createObserver({ log, metrics })
    const redis = await openRedis({ config, log })
    closing.push(redis.close)
    const store = await openStore({ config, redis: redis.commands, prefix: PREFIX, log })
    closing.push(store.close)

    const accounts = await createAccounts(config, store, metrics, observer.onWorkerError)
    const delivery = createDelivery({
      redis: redis.commands,
      queueRedis: redis.forQueue,
      prefix: PREFIX,
      store,
      spool: withCrashPoints('spool', await openSpool(join(config.data.dir, 'spool'))),
      accounts: new Map([...accounts.values()].map(({ account }) => [account.id, account])),
      sinceOf: async (account) => (await accountState(store, account.id, clock)).since,
      clock,
      exclusive: config.data.store === 'file',
      observer,
    })
    closing.push(delivery.close)
    watchBacklog(metrics, delivery, store, [...accounts.keys()] as AccountId[])

    const app = createHttpApp({
      accounts,
      ingestWasender: delivery.ingestWasender,
      ingestChatwoot: delivery.ingestChatwoot,
      onWebhook: observer.onWebhook,
      checks: readinessChecks(redis.commands, store, delivery),
      registry: metrics.registry,
      metricsToken: config.server.metricsToken,
      adminApi: createAdmin(config.server.adminToken, accounts, delivery),
      clock,
      log,
    })
    await delivery.start()
    const server = await listen(app, config.server.host, config.server.port)
    closing.push(server.close)
    return { port: server.port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function createAccounts(
  config: BridgeConfig,
  store: Store,
  metrics: Metrics,
  onError: (error: unknown) => void,
): Promise<Map<string, Verifiable>> {
  const accounts = new Map<string, Verifiable>()
  for (const accountConfig of config.accounts) {
    const account: Account = await createAccount({
      config: accountConfig,
      store,
      clock,
      onCall: metrics.onCall,
      onError,
    })
    accounts.set(account.id, { account, config: accountConfig })
  }
  return accounts
}

function createAdmin(
  token: string | undefined,
  accounts: ReadonlyMap<string, Verifiable>,
  delivery: Delivery,
) {
  if (token === undefined) return undefined
  return createAdminApi({
    ...delivery,
    token,
    accounts: [...accounts.values()].map(({ account }) => account),
    waiting: delivery.lanes.waiting,
    clock,
  })
}

function readinessChecks(redis: Redis, store: Store, delivery: Delivery) {
  return [
    { name: 'redis', check: () => checkRedis(redis, PREFIX) },
    { name: 'store', check: () => store.flush() },
    {
      name: 'spool',
      check: () => {
        if (delivery.isSpooling()) throw new Error('Webhooks wait on disk for Redis.')
      },
    },
    {
      name: 'workers',
      check: () => {
        if (!delivery.isRunning()) throw new Error('The workers do not run.')
      },
    },
  ]
}

function watchBacklog(
  metrics: Metrics,
  delivery: Delivery,
  store: Store,
  accounts: AccountId[],
): void {
  metrics.watch({
    async waiting() {
      const rows = await delivery.lanes.waiting(accounts)
      return rows.map(({ oldest, ...row }) => ({
        ...row,
        oldestSeconds: oldest === 0 ? 0 : Math.max(0, (clock.now() - oldest) / 1000),
      }))
    },
    async failures() {
      const rows = accounts.flatMap((account) =>
        (['in', 'out', 'status'] as const).map(async (direction) => ({
          account,
          direction,
          count: await delivery.failures.count(account, direction),
        })),
      )
      return Promise.all(rows)
    },
    async entries() {
      const kinds = ['links', 'chats', 'aliases'] as const
      return Promise.all(kinds.map(async (kind) => ({ kind, count: await store[kind].count() })))
    },
  })
}
