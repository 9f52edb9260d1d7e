import { createAdaptorServer } from '@hono/node-server'
import { type Clock, systemClock } from '../../src/kernel/clock.ts'
import { createFaults } from '../faults.ts'
import { createApi } from './api.ts'
import { controlRoutes } from './control.ts'
import { createGroupEvents } from './group-events.ts'
import { createOwnChanges } from './own-changes.ts'
import { createPeople } from './people.ts'
import { createReceipts } from './receipts.ts'
import { createSending } from './sending.ts'
import type { SessionOptions } from './session.ts'
import { createSessionLife } from './session-life.ts'
import type { SettingsOptions } from './settings.ts'
import { type Controls, createControls } from './stand-in.ts'
import { createWorld, type World } from './state.ts'
import type { WebhookFaults } from './webhooks.ts'

export type WasenderStandInOptions = SettingsOptions & {
  /** 0, the default, takes a free one. */
  port?: number
  /** One connected session without a webhook by default. */
  sessions?: SessionOptions[]
  personalAccessToken?: string
  clock?: Clock
  /** Of ids, delays and shuffles. */
  seed?: number
  webhookFaults?: WebhookFaults
  /** Shortest wait before a webhook is repeated; the longest is three times that. */
  retryMs?: number
  webhookTimeoutMs?: number
  /** Numbers without WhatsApp. */
  notOnWhatsapp?: string[]
  /** Whether a number nobody registered is on WhatsApp. */
  unknownNumbers?: 'exist' | 'missing'
  /** How many API calls and webhooks the ledgers remember. */
  keep?: number
}

export type WasenderStandIn = Controls & {
  /** The origin, without a trailing slash. */
  url: string
  /** `url` and `/api`. */
  apiUrl: string
  close(): Promise<void>
}

/**
 * Starts a stand-in for WasenderAPI on 127.0.0.1. It shares no code with the bridge, so that a wrong idea of
 * the platform is not made twice.
 *
 * @example
 * const wasender = await startWasenderStandIn({ sessions: [{ webhookUrl, webhookSecret: 'secret' }] })
 * const customer = wasender.person({ phone: '+15550001111' })
 * customer.sendText('Hola')
 * await wasender.waitFor(() => wasender.inbox('+15550001111')[0])
 */
export async function startWasenderStandIn(
  options: WasenderStandInOptions = {},
): Promise<WasenderStandIn> {
  const { sessions = [{}], personalAccessToken = '1|stand-in-personal-access-token' } = options
  const notOnWhatsapp = new Set(options.notOnWhatsapp?.map((phone) => phone.replace(/\D/g, '')))
  let url = ''
  const world = createStandInWorld(options, notOnWhatsapp, () => url)
  for (const session of sessions) world.sessions.add(session)

  const faults = createFaults()
  const life = createSessionLife(world)
  const receipts = createReceipts(world)
  const ownChanges = createOwnChanges(world)
  const groupEvents = createGroupEvents(world)
  const parts = { ...world, faults, personalAccessToken, life, ownChanges, groupEvents }
  const person = createPeople({ ...world, life, receipts })
  const controls = createControls({ ...parts, notOnWhatsapp, person })

  const app = createApi({ ...parts, sending: createSending(world, receipts) })
  app.route('/', controlRoutes({ controls, world }))
  const listening = await listen(app.fetch, options.port ?? 0)
  url = `http://127.0.0.1:${listening.port}`
  return {
    ...controls,
    url,
    apiUrl: `${url}/api`,
    close: async () => {
      world.tasks.stop()
      await listening.close()
      world.blobs.close()
    },
  }
}

function createStandInWorld(
  options: WasenderStandInOptions,
  notOnWhatsapp: Set<string>,
  origin: () => string,
): World {
  const { routes, paceMs, perMinute, qrRenewMs, lidDeliverable, echo } = options
  const given = { routes, paceMs, perMinute, qrRenewMs, lidDeliverable, echo }
  const settings: SettingsOptions = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  )
  return createWorld({
    clock: options.clock ?? systemClock,
    seed: options.seed ?? 1,
    settings,
    webhookFaults: options.webhookFaults ?? {},
    retryMs: options.retryMs ?? 1_000,
    webhookTimeoutMs: options.webhookTimeoutMs ?? 5_000,
    keep: options.keep ?? 50_000,
    notOnWhatsapp,
    unknownNumbers: options.unknownNumbers ?? 'exist',
    origin,
  })
}

type Fetch = Parameters<typeof createAdaptorServer>[0]['fetch']

async function listen(fetch: Fetch, port: number) {
  const server = createAdaptorServer({ fetch })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port')
  return {
    port: address.port,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        // Faults and event streams leave connections open on purpose.
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
