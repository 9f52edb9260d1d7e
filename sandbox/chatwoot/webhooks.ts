import { setTimeout as pause } from 'node:timers/promises'
import type { Change, WebhookEvent } from './changes.ts'
import { reportStatus } from './message-status.ts'
import { webhookPayload } from './payloads-webhook.ts'
import { railsJson } from './rails-json.ts'
import type { World } from './state.ts'
import type { Json } from './types.ts'
import { postWebhook, type WebhookResult } from './webhook-request.ts'
import { addressOf, targetsOf, type WebhookTarget } from './webhook-targets.ts'

/** Disorder on the way to the receiver. All of it follows the stand-in's seed. */
export type WebhookFaults = {
  /** Milliseconds before a delivery, or the range to choose from. */
  delayMs?: number | [number, number]
  /** A share of them waits much longer, milliseconds. */
  late?: { share: number; ms: [number, number] }
  /** Every event twice, with different delivery ids; a number is the share of events. */
  duplicate?: boolean | number
  /** Deliveries overtake each other. */
  reorder?: boolean
  /**
   * Share of deliveries that are built at once, and not after all that the same request still changes: a greeting is not
   * there yet then. In Chatwoot the job and the request race.
   */
  early?: number
  /** Share of deliveries that never leave. */
  dropRate?: number
}

/** One delivery: pending while it is on its way, dropped when a fault lost it. */
export type WebhookDelivery = {
  deliveryId: string
  event: WebhookEvent
  surface: WebhookTarget['surface']
  url: string
  /** Milliseconds since 1970 of the sending. */
  at: number
  payload: Json
  outcome: WebhookResult['outcome'] | 'pending' | 'dropped'
  status?: number | undefined
  error?: string
}

export type WebhookDispatcher = {
  readonly log: WebhookDelivery[]
  setFaults(faults: WebhookFaults): void
  /** Deliveries that have not ended. */
  inFlight(): number
  /** Stops all deliveries; resolves when the last one has ended. */
  close(): Promise<void>
}

/** A webhook that is to leave. `built`: its body, when that is made already. */
type Departure = {
  change: Change
  target: WebhookTarget
  built: Json | undefined
  delay: number
  dropped: boolean
}

/** How far `reorder` spreads deliveries. */
const REORDER_MS: [number, number] = [0, 40]

/**
 * Turns changes into webhooks: asynchronously, in parallel, each built from the state at the time of its delivery (but
 * for those that are `early`), never tried again (docs/platforms/chatwoot.md#delivery).
 */
export function createWebhookDispatcher(
  world: World,
  options: { timeoutMs: number; faults: WebhookFaults },
): WebhookDispatcher {
  let faults = options.faults
  const log: WebhookDelivery[] = []
  const running = new Set<Promise<void>>()
  const closing = new AbortController()

  function start(change: Change, target: WebhookTarget): void {
    const delay = delayOf(world, faults)
    const dropped = world.random.chance(faults.dropRate ?? 0)
    const isEarly = faults.early !== undefined && world.random.chance(faults.early)
    const built = isEarly ? webhookPayload(world, change) : undefined
    const run = deliver({ change, target, built, delay, dropped }).finally(() => {
      running.delete(run)
      world.signal.ring()
    })
    running.add(run)
  }

  async function deliver({ change, target, built, delay, dropped }: Departure) {
    await pause(delay, undefined, { signal: closing.signal }).catch(unlessClosing)
    if (closing.signal.aborted) return
    const address = addressOf(world, target)
    const payload = built ?? webhookPayload(world, change)
    if (address === undefined || payload === undefined) return
    const { url, secret } = address
    const deliveryId = crypto.randomUUID()
    const now = world.clock.now()
    const body = railsJson(payload)
    const entry: WebhookDelivery = {
      deliveryId,
      event: change.event,
      surface: target.surface,
      url,
      at: now,
      payload: JSON.parse(body),
      outcome: dropped ? 'dropped' : 'pending',
    }
    log.push(entry)
    world.signal.ring()
    if (dropped) return
    const result = await postWebhook({
      ...{ url, body, deliveryId, secret, now },
      has: world.has,
      timeoutMs: options.timeoutMs,
      closed: closing.signal,
    })
    Object.assign(entry, result)
    if (!closing.signal.aborted) feedBack(world, change, target, result)
  }

  world.onChange((change) => {
    for (const target of targetsOf(world, change)) {
      start(change, target)
      if (isDuplicated(world, faults)) start(change, target)
    }
  })

  return {
    log,
    setFaults: (next) => {
      faults = next
    },
    inFlight: () => running.size,
    close: async () => {
      closing.abort()
      await Promise.allSettled(running)
    },
  }
}

function unlessClosing(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error
}

function delayOf(world: World, { delayMs = 0, reorder = false, late }: WebhookFaults): number {
  if (late !== undefined && world.random.chance(late.share)) return world.random.between(...late.ms)
  const base = typeof delayMs === 'number' ? delayMs : world.random.between(...delayMs)
  return base + (reorder ? world.random.between(...REORDER_MS) : 0)
}

function isDuplicated(world: World, { duplicate = false }: WebhookFaults): boolean {
  return world.random.chance(Number(duplicate))
}

/** A failed callback marks the message failed, whatever its direction (docs/platforms/chatwoot.md#failed-callbacks). */
function feedBack(world: World, change: Change, target: WebhookTarget, result: WebhookResult) {
  if (result.outcome === 'delivered' || target.surface !== 'inbox' || !('messageId' in change))
    return
  const message = world.messages.get(change.messageId)
  if (message !== undefined) reportStatus(world, message, 'failed', result.error)
}
