import { join } from 'node:path'
import type { Account } from './accounts/account.ts'
import {
  accountState,
  confirmPlaces,
  createAccount,
  knownSince,
} from './accounts/create-account.ts'
import {
  createReconfigure,
  logCredentials,
  type Reconfigure,
} from './accounts/credentials/reconfigure.ts'
import { createQrCodes, type QrCodes } from './accounts/qr-codes.ts'
import { type ContactsForget, createContactsForget } from './bridge/forget/contacts-forget.ts'
import { createForgetDeleted } from './bridge/forget/deleted-contacts.ts'
import { pausedReason } from './bridge/holds/session-pauses.ts'
import { readArrival } from './bridge/intake/stored-arrival.ts'
import { type Bridge, createBridge } from './bridge.ts'
import type { BridgeConfig } from './config/schema.ts'
import { systemClock } from './kernel/clock.ts'
import { type Closing, createClosing } from './kernel/closing.ts'
import { withCrashPoints } from './kernel/crash-points.ts'
import type { Logger } from './kernel/log.ts'
import { startDelivery } from './lifecycle.ts'
import { createRunningImports } from './operators/contacts-import/running-imports.ts'
import { createSessionControl } from './operators/session-control.ts'
import { createOpenLids, followOpenLids } from './people/open-lids.ts'
import { openSpool } from './queue/spool/spool.ts'
import { createWaitingLanes } from './queue/waiting-lanes.ts'
import { createLossWatch, type LossWatch } from './state/redis/loss.ts'
import { openRedis } from './state/redis/open.ts'
import { createListSetAside } from './state/set-aside/set-aside.ts'
import { unlessAway } from './state/store/forgiving.ts'
import { openStore } from './state/store/open.ts'
import type { State } from './state/store/types.ts'
import { type Admin, createAdmin } from './web/admin/admin.ts'
import { createEndedSignIns } from './web/admin/sign-in/admin-session.ts'
import { createTraffic, type Traffic, withTraffic } from './web/admin/traffic.ts'
import { createHttpApp } from './web/http/app.ts'
import { type ReadinessCheck, readinessChecks } from './web/http/health-routes.ts'
import { listen } from './web/http/listen.ts'
import type { Verifiable } from './web/http/verify.ts'
import { createMetrics } from './web/metrics/metrics.ts'
import { createObserver } from './web/metrics/observe.ts'
import { watchBridge } from './web/metrics/watch-bridge.ts'

/** What a bridge needs to start. */
export type StartOptions = { config: BridgeConfig; log: Logger }

/** A running bridge. */
export type RunningBridge = {
  port: number
  /** Takes over what it can of a configuration that has changed. */
  reconfigure: Reconfigure
  /** Stops accepting, finishes what is in hand, makes everything durable. */
  stop(): Promise<void>
}

/**
 * By when each part is closed at the latest, in ms from the wish to stop: hosts kill after ten seconds. What is in hand has
 * most of it, since a send whose answer is not waited for has to be cleared up later.
 */
const CLOSED_BY_MS = { server: 2_500, routine: 3_000, delivery: 6_000, store: 7_000, redis: 9_000 }

/** Keys of the bridge in Redis, so that it can share one with others. */
const PREFIX = 'wasender-chatwoot:'
const clock = systemClock

/**
 * Opens what the bridge stands on (Redis, store, accounts), makes it, and starts it with HTTP in front; stops all of that in
 * the opposite order.
 *
 * @throws {ConfigError} when something the operator has to mend is missing.
 */
export async function startBridge(options: StartOptions): Promise<RunningBridge> {
  const closing = createClosing(options.log)
  try {
    return { ...(await open(options, closing)), stop: closing.close }
  } catch (error) {
    await closing.close()
    throw error
  }
}

/** Each part is made from those above it. What has to be closed goes into `closing`, which is worked off backwards. */
async function open(
  { config, log }: StartOptions,
  closing: Closing,
): Promise<Omit<RunningBridge, 'stop'>> {
  const { metrics, traffic, observer } = createWatching(config, log)
  const { onSetAside, onWorkerError: onError } = observer
  const redis = await openRedis({ config, log })
  closing.add('redis', CLOSED_BY_MS.redis, redis.close)
  const { commands } = redis
  const openLids = createOpenLids({ redis: commands, prefix: PREFIX, clock })
  const opened = await openStore({ config, redis: commands, prefix: PREFIX, log, onSetAside })
  const store = followOpenLids(opened, openLids)
  closing.add('store', CLOSED_BY_MS.store, store.close)

  const state: State = { redis: commands, prefix: PREFIX, onSetAside, store }
  const verifiable = new Map<string, Verifiable>()
  for (const each of config.accounts) {
    const account = await createAccount({
      config: each,
      store: unlessAway(store, onError),
      clock,
      onCall: metrics.onCall,
      onError,
    })
    verifiable.set(account.id, { account, config: each })
  }
  const accounts = [...verifiable.values()].map(({ account }) => account)
  const qrCodes = createQrCodes({ clock })
  const loss = watchLoss(config, state, observer)
  const spool = await openSpool({
    dir: join(config.data.dir, 'spool'),
    readItem: readArrival,
    onSetAside,
  })
  const bridge = createBridge({
    state,
    queueRedis: redis.forQueue,
    openLids,
    spool: withCrashPoints('spool', spool),
    accounts: new Map(accounts.map((account) => [account.id, account])),
    sinceOf: async (account) => knownSince(await accountState(store, account.id, clock)),
    confirm: () => confirmPlaces(config.accounts, store, clock),
    clock,
    exclusive: config.data.store === 'file',
    loss,
    observer,
    qrCodes,
  })
  closing.add('delivery', CLOSED_BY_MS.delivery, bridge.close)

  const { rewriteFiles } = redis
  const { forget, forgetDeleted } = createForgetting({
    accounts,
    bridge,
    state,
    rewriteFiles,
    log,
    onError,
  })
  closing.add('forgetting', CLOSED_BY_MS.routine, forgetDeleted.close)
  for (const account of accounts) logCredentials(account, log)
  const { queue, holds, webhooks } = bridge
  const watch = watchBridge({ metrics, observer, accounts, queue, holds, openLids, store, clock })
  closing.add('watch', CLOSED_BY_MS.routine, watch.close)
  const checks = readinessChecks({
    redis,
    loss,
    remembers: config.data.store,
    store,
    queue,
    intake: webhooks.intake,
  })
  const admin = createAdminOf(config, {
    accounts,
    bridge,
    state,
    qrCodes,
    forget,
    traffic,
    checks,
    onRefused: observer.onAdminRefused,
    onError,
  })
  const app = createHttpApp({
    accounts: verifiable,
    ingestWasender: webhooks.ingestWasender,
    ingestChatwoot: webhooks.ingestChatwoot,
    onWebhook: observer.onWebhook,
    checks,
    registry: metrics.registry,
    metricsToken: config.server.metricsToken,
    admin: admin?.app,
    clock,
    log,
  })
  // A Redis that is away takes no leave.
  closing.add('away redis', CLOSED_BY_MS.routine, redis.letGo)
  await startDelivery({ delivery: bridge, redis, log })
  forgetDeleted.start()
  const server = await listen(app, config.server.host, config.server.port)
  closing.add('server', CLOSED_BY_MS.server, server.close)
  if (admin !== undefined) closing.add('admin', CLOSED_BY_MS.server, admin.close)
  return { port: server.port, reconfigure: createReconfigure({ config, accounts, log }) }
}

/** Who is told what happens: the log, the metrics, the charts. */
function createWatching({ accounts }: BridgeConfig, log: Logger) {
  const ids = accounts.map(({ id }) => id)
  const metrics = createMetrics({ accounts: ids })
  const traffic = createTraffic({ clock })
  return {
    metrics,
    traffic,
    observer: withTraffic(createObserver({ log, metrics, accounts: ids }), traffic),
  }
}

/** What notices when Redis has lost what it held. */
function watchLoss(
  { data }: BridgeConfig,
  { redis, prefix }: State,
  observer: ReturnType<typeof createObserver>,
): LossWatch {
  const file = join(data.dir, 'redis-marker.json')
  const loss = createLossWatch({ redis, prefix, file, clock, onError: observer.onWorkerError })
  loss.onLoss((lost) => observer.onRedisLoss(lost, data.store))
  return loss
}

/** What erases what is kept of a person, when asked or since they were deleted in Chatwoot. */
function createForgetting(parts: {
  accounts: readonly Account[]
  bridge: Bridge
  state: State
  rewriteFiles: () => Promise<void>
  log: Logger
  onError: (error: unknown) => void
}) {
  const { accounts, bridge, rewriteFiles, log, onError } = parts
  const { redis, prefix, store } = parts.state
  const { queue, identity, webhooks } = bridge
  const forget = createContactsForget({
    store,
    redis,
    prefix,
    lanes: queue.lanes,
    failures: queue.failures,
    openLids: identity.openLids,
    isSpooling: webhooks.intake.isHolding,
    forgetLane: queue.forget,
    rewriteFiles,
  })
  const forgetDeleted = createForgetDeleted({
    accounts,
    deleted: webhooks.deletedContacts,
    forget,
    store,
    onForgotten: (account) =>
      log.info({ account }, 'Forgot a contact that was deleted in Chatwoot'),
    onError,
  })
  return { forget, forgetDeleted }
}

/** What is below `/admin`; nothing without an admin token. */
function createAdminOf(
  { server, data }: BridgeConfig,
  parts: {
    accounts: readonly Account[]
    bridge: Bridge
    state: State
    qrCodes: QrCodes
    forget: ContactsForget
    traffic: Traffic
    checks: readonly ReadinessCheck[]
    onRefused: () => void
    onError: (error: unknown) => void
  },
): Admin | undefined {
  const { adminToken: token, publicUrl } = server
  if (token === undefined) return undefined
  const { accounts, bridge, qrCodes, forget, traffic, checks, onRefused, onError } = parts
  const { redis, prefix, store } = parts.state
  const { queue, identity, holds, sends, retryFailures } = bridge
  const { lanes, failures } = queue
  return createAdmin({
    token,
    publicUrl,
    accounts,
    pausedReason: (account) => pausedReason(account, holds.sessionGate),
    sessionDownSince: holds.sessionGate.downSince,
    retryFailures,
    limits: holds.limits,
    openLids: identity.openLids,
    failures,
    journal: sends.journal,
    waiting: lanes.waiting,
    waitingLanes: createWaitingLanes({ redis, prefix, lanes }),
    sessions: createSessionControl({ qrCodes }),
    ended: createEndedSignIns({ ...parts.state, clock }),
    imports: createRunningImports({ store, lanes, clock, onError }),
    listSetAside: createListSetAside({ dataDir: data.dir, redis, prefix }),
    forget,
    traffic,
    checks,
    clock,
    onRefused,
    onError,
  })
}
