import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { Redis } from 'ioredis'
import { type ChatwootStandIn, startChatwootStandIn } from '../../sandbox/chatwoot/server.ts'
import type { ChatwootStandInOptions } from '../../sandbox/chatwoot/stand-in.ts'
import {
  startWasenderStandIn,
  type WasenderStandIn,
  type WasenderStandInOptions,
} from '../../sandbox/wasender/server.ts'
import type { Account } from '../../src/accounts/account.ts'
import { accountState, createAccount } from '../../src/accounts/create-account.ts'
import { createQrCodes } from '../../src/accounts/qr-codes.ts'
import { readArrival } from '../../src/bridge/intake/stored-arrival.ts'
import type { Observer } from '../../src/bridge/observer.ts'
import { type Bridge, createBridge } from '../../src/bridge.ts'
import { accountSchema } from '../../src/config/account-schema.ts'
import { createOpenLids, followOpenLids } from '../../src/people/open-lids.ts'
import { openSpool } from '../../src/queue/spool/spool.ts'
import { createFileStore } from '../../src/state/store/file-store.ts'
import type { Store } from '../../src/state/store/types.ts'
import { type Listening, listen } from '../../src/web/http/listen.ts'
import { startRedis } from './redis.ts'

export type ClockedWorldOptions = {
  options?: Record<string, unknown>
  wasender?: WasenderStandInOptions
  chatwoot?: ChatwootStandInOptions
  /** Hands the bridge a personal access token. */
  withToken?: boolean
}

/** Both stand-ins, and the bridge's engine between them in this process, all by a clock the test moves. */
export type ClockedWorld = {
  wasender: WasenderStandIn
  chatwoot: ChatwootStandIn
  account: Account
  bridge: Bridge
  /** Attempts that failed, and surprises, in the order in which they were told. */
  failedAttempts: Parameters<Observer['onAttemptFailed']>[0][]
  workerErrors: unknown[]
  redis: Redis
  store: Store
  now(): number
  /** Time jumps ahead by so many ms. */
  ahead(ms: number): void
  close(): Promise<void>
}

/** So that outages of days are over in moments: waits that are real are made short. */
const TIMING = { askEveryMs: 300, askFirstMs: 100, debounceMs: 0 }
const PROBE_WAITS_MS = [50, 100, 200]
const PREFIX = 'wc:'

export async function startClockedWorld(given: ClockedWorldOptions = {}): Promise<ClockedWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'clocked-'))
  let shift = 0
  const clock = { now: () => Date.now() + shift }
  const wasender = await startWasenderStandIn({ retryMs: 50, clock, ...given.wasender })
  const chatwoot = await startChatwootStandIn({
    inboxes: [{ name: 'WhatsApp', lockToSingleConversation: true }],
    messagesPerMinute: 1_000_000,
    clock,
    ...given.chatwoot,
  })
  const redisServer = await startRedis()
  const connections: Redis[] = []
  const connect = () => {
    const redis = new Redis(redisServer.url, { maxRetriesPerRequest: null })
    connections.push(redis)
    return redis
  }
  const redis = connect()
  const openLids = createOpenLids({ redis, prefix: PREFIX, clock })
  const store = followOpenLids(await createFileStore({ dir: join(dir, 'store') }), openLids)
  const account = await createAccount({
    config: accountSchema.parse(accountConfig(wasender, chatwoot, given)),
    store,
    clock,
    probeWaitsMs: PROBE_WAITS_MS,
    onCall: () => {},
    onError: (error) => workerErrors.push(error),
  })
  const failedAttempts: ClockedWorld['failedAttempts'] = []
  const workerErrors: unknown[] = []
  const bridge = createBridge({
    state: { redis, prefix: PREFIX, store },
    queueRedis: connect,
    openLids,
    spool: await openSpool({
      dir: join(dir, 'spool'),
      readItem: readArrival,
      onSetAside: () => {},
    }),
    accounts: new Map([[account.id, account]]),
    sinceOf: async ({ id }) => (await accountState(store, id, clock)).since,
    clock,
    exclusive: true,
    observer: observer(failedAttempts, workerErrors),
    qrCodes: createQrCodes({ clock }),
    sessionTiming: TIMING,
  })
  await bridge.start()
  const server = await receiveWebhooks(bridge, account)
  const url = `http://127.0.0.1:${server.port}`
  wasender.session().webhookUrl = `${url}/wasender`
  chatwoot.updateInbox(account.inboxId, { webhookUrl: `${url}/chatwoot` })

  return {
    wasender,
    chatwoot,
    account,
    bridge,
    failedAttempts,
    workerErrors,
    redis,
    store,
    now: clock.now,
    ahead(ms) {
      shift += ms
    },
    async close() {
      await Promise.all([wasender.close(), chatwoot.close()])
      await server.close()
      await bridge.close()
      for (const connection of connections) connection.disconnect()
      await redisServer.stop()
      await store.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function accountConfig(
  wasender: WasenderStandIn,
  chatwoot: ChatwootStandIn,
  { options, withToken = false }: ClockedWorldOptions,
) {
  return {
    id: 'sales',
    wasender: {
      baseUrl: wasender.apiUrl,
      apiKey: wasender.session().apiKey,
      webhookSecret: 'secret',
      ...(withToken ? { personalAccessToken: wasender.personalAccessToken } : {}),
    },
    chatwoot: {
      baseUrl: chatwoot.url,
      accountId: chatwoot.accountId,
      inboxId: chatwoot.inboxes()[0]?.id,
      apiAccessToken: chatwoot.adminToken,
      webhookSecret: 'secret',
    },
    options: { pace: 0, operatorConversation: false, ...options },
  }
}

function observer(
  failedAttempts: ClockedWorld['failedAttempts'],
  workerErrors: unknown[],
): Observer {
  return {
    onNewer: () => {},
    onMessage: () => {},
    onHandled: () => {},
    onAttemptFailed: (failure) => failedAttempts.push(failure),
    onUnknown: () => {},
    onSessionStatus: () => {},
    onTypingFailed: () => {},
    onCatchUpFailed: () => {},
    onCaughtUp: () => {},
    onSpool: () => {},
    onWorkerError: (error) => workerErrors.push(error),
  }
}

/** Whether webhooks are authentic is another test's business; their signatures are as old as the real clock. */
function receiveWebhooks(bridge: Bridge, account: Account): Promise<Listening> {
  const app = new Hono()
  app.post('/wasender', async (c) =>
    c.json(await bridge.webhooks.ingestWasender(account, await c.req.json())),
  )
  app.post('/chatwoot', async (c) =>
    c.json(await bridge.webhooks.ingestChatwoot(account, await c.req.json())),
  )
  return listen(app, '127.0.0.1', 0)
}
