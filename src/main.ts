import { join } from 'node:path'
import type { Account } from './account.ts'
import { adminOf } from './admin/admin-of.ts'
import { createEndedSignIns } from './admin/sign-in/ended-sign-ins.ts'
import { createTraffic, withTraffic } from './admin/traffic.ts'
import { tieToChatwoot } from './chatwoot-place.ts'
import { systemClock } from './clock.ts'
import { type Closing, createClosing } from './closing.ts'
import type { BridgeConfig } from './config/schema.ts'
import { createContactsForget } from './contacts-forget/contacts-forget.ts'
import { createForgetDeleted } from './contacts-forget/deleted-contacts.ts'
import { createRunningImports } from './contacts-import/running-imports.ts'
import { withCrashPoints } from './crash-points.ts'
import { accountState, createAccount, knownSince } from './create-account.ts'
import { createDelivery, type Delivery } from './delivery/delivery.ts'
import type { Arrival } from './delivery/intake/place-arrival.ts'
import { openSpool, type Spool } from './delivery/intake/spool.ts'
import { readArrival } from './delivery/intake/stored-arrival.ts'
import { createHttpApp } from './http/app.ts'
import { listen } from './http/listen.ts'
import type { Verifiable } from './http/verify.ts'
import { followOpenLids } from './identity/follow-open-lids.ts'
import { createOpenLids } from './identity/open-lids.ts'
import type { Logger } from './log.ts'
import { watchBridge } from './metrics/watch-bridge.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createObserver } from './observe.ts'
import { readinessChecks } from './readiness.ts'
import { createLossWatch, type LossWatch } from './redis/loss.ts'
import { type OpenRedis, openRedis } from './redis/open.ts'
import { createSessionControl } from './session/create-session-control.ts'
import { logCredentials } from './session/log-credentials.ts'
import { createQrCodes } from './session/qr-codes.ts'
import { createReconfigure, type Reconfigure } from './session/reconfigure.ts'
import { createListSetAside } from './set-aside/list-set-aside.ts'
import type { OnSetAside } from './set-aside/set-aside.ts'
import { startDelivery } from './start-delivery.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/types.ts'
import { unlessAway } from './store/unless-away.ts'

/** What a bridge needs to start. */
export type BridgeOptions = { config: BridgeConfig; log: Logger }

/** A running bridge. */
export type Bridge = {
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
 * Wires the bridge and starts it: Redis, store, accounts, delivery, HTTP; stops it in the opposite order.
 *
 * @throws {ConfigError} when something the operator has to mend is missing.
 */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const closing = createClosing(options.log)
  try {
    return { ...(await wire(options, closing)), stop: closing.close }
  } catch (error) {
    await closing.close()
    throw error
  }
}

/** Each part is made from those above it. What has to be closed goes into `closing`, which is worked off backwards. */
async function wire(
  { config, log }: BridgeOptions,
  closing: Closing,
): Promise<Omit<Bridge, 'stop'>> {
  const { metrics, traffic, observer } = createWatching(config, log)
  const redis = await openRedis({ config, log })
  closing.add('redis', CLOSED_BY_MS.redis, redis.close)
  const kept = { redis: redis.commands, prefix: PREFIX, onSetAside: observer.onSetAside }
  const { store, openLids } = await openFollowedStore({ ...kept, config, log })
  closing.add('store', CLOSED_BY_MS.store, store.close)

  const accounts = await createAccounts(config, store, metrics, observer.onWorkerError)
  const qrCodes = createQrCodes({ clock })
  const loss = watchLoss(config, kept, observer)
  const delivery = createDelivery({
    ...kept,
    queueRedis: redis.forQueue,
    store,
    openLids,
    spool: withCrashPoints('spool', await openArrivals(config, kept.onSetAside)),
    accounts: new Map([...accounts.values()].map(({ account }) => [account.id, account])),
    sinceOf: async (account) => knownSince(await accountState(store, account.id, clock)),
    clock,
    exclusive: config.data.store === 'file',
    confirm: () => confirmPlaces(config, store),
    loss,
    observer,
    qrCodes,
  })
  closing.add('delivery', CLOSED_BY_MS.delivery, delivery.close)
  const everyone = [...accounts.values()].map(({ account }) => account)
  const onError = observer.onWorkerError
  const forgetting = { everyone, delivery, redis, store, log, onError }
  const { forget, forgetDeleted } = createForgetting(forgetting)
  closing.add('forgetting', CLOSED_BY_MS.routine, forgetDeleted.close)
  for (const account of everyone) logCredentials(account, log)
  const watch = watchBridge({ metrics, observer, accounts: everyone, delivery, store, clock })
  closing.add('watch', CLOSED_BY_MS.routine, watch.close)

  const checks = readinessChecks({ redis, loss, remembers: config.data.store, store, delivery })
  const imports = createRunningImports({ store, lanes: delivery.lanes, clock, onError })
  const shown = { accounts: everyone, delivery, imports, forget, traffic, checks, clock, onError }
  const listSetAside = createListSetAside({ ...kept, dataDir: config.data.dir })
  const admin = adminOf(config, {
    ...shown,
    listSetAside,
    ended: createEndedSignIns({ ...kept, clock }),
    onRefused: observer.onAdminRefused,
    sessions: createSessionControl({ qrCodes }),
  })
  const app = createHttpApp({
    ...delivery,
    accounts,
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
  await startDelivery({ delivery, redis, log })
  forgetDeleted.start()
  const server = await listen(app, config.server.host, config.server.port)
  closing.add('server', CLOSED_BY_MS.server, server.close)
  if (admin !== undefined) closing.add('admin', CLOSED_BY_MS.server, admin.close)
  const reconfigure = createReconfigure({ config, accounts: everyone, log })
  return { port: server.port, reconfigure }
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
  kept: Pick<Parameters<typeof createLossWatch>[0], 'redis' | 'prefix'>,
  observer: ReturnType<typeof createObserver>,
): LossWatch {
  const file = join(data.dir, 'redis-marker.json')
  const loss = createLossWatch({ ...kept, file, clock, onError: observer.onWorkerError })
  loss.onLoss((lost) => observer.onRedisLoss(lost, data.store))
  return loss
}

/** What erases what is kept of a person, when asked or since they were deleted in Chatwoot. */
function createForgetting(parts: {
  everyone: readonly Account[]
  delivery: Delivery
  redis: OpenRedis
  store: Store
  log: Logger
  onError: (error: unknown) => void
}) {
  const { everyone, delivery, redis, store, log, onError } = parts
  const { commands, rewriteFiles } = redis
  const forget = createContactsForget({
    ...delivery,
    store,
    redis: commands,
    prefix: PREFIX,
    rewriteFiles,
  })
  const forgetDeleted = createForgetDeleted({
    accounts: everyone,
    deleted: delivery.deletedContacts,
    forget,
    store,
    onForgotten: (account) =>
      log.info({ account }, 'Forgot a contact that was deleted in Chatwoot'),
    onError,
  })
  return { forget, forgetDeleted }
}

/** The store, and who in it is known by LID only. */
async function openFollowedStore(deps: Parameters<typeof openStore>[0]) {
  const openLids = createOpenLids({ ...deps, clock })
  return { store: followOpenLids(await openStore(deps), openLids), openLids }
}

function openArrivals({ data }: BridgeConfig, onSetAside: OnSetAside): Promise<Spool<Arrival>> {
  return openSpool({ dir: join(data.dir, 'spool'), readItem: readArrival, onSetAside })
}

/** Again with a Redis that may have been away when the accounts were made. */
async function confirmPlaces({ accounts }: BridgeConfig, store: Store): Promise<void> {
  for (const account of accounts) {
    await accountState(store, account.id, clock)
    await tieToChatwoot(store, account)
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
      store: unlessAway(store, onError),
      clock,
      onCall: metrics.onCall,
      onError,
    })
    accounts.set(account.id, { account, config: accountConfig })
  }
  return accounts
}
