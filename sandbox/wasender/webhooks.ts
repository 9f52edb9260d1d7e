import type { Clock } from '../../src/kernel/clock.ts'
import type { Changes } from './changes.ts'
import { createLedger } from './ledger.ts'
import type { Random } from './random.ts'
import type { Session } from './session.ts'
import type { Tasks } from './tasks.ts'
import { type Fields, shaped, type Variant } from './variant.ts'
import { createWindow } from './webhook-window.ts'

/** What goes wrong with webhooks. Assign to its fields at any time; absent ones do nothing. */
export type WebhookFaults = {
  /** Wait before each delivery: milliseconds, or a range of them. */
  delayMs?: number | [min: number, max: number] | undefined
  /** A share of them waits much longer, milliseconds. */
  late?: { share: number; ms: [min: number, max: number] } | undefined
  /** Extra deliveries of each webhook. */
  duplicate?: number | undefined
  /** Nothing keeps its order: each webhook has its own delay and its own retries. */
  overtake?: boolean | undefined
  /** Shuffle the webhooks of each window (`reorderWindowMs`, 50 by default). */
  reorder?: boolean | undefined
  reorderWindowMs?: number | undefined
  /** Share of webhooks that is never delivered, 0 to 1. */
  dropRate?: number | undefined
  /** How bodies are shaped; options of a single message win over it. */
  variant?: Variant | undefined
}

/** One webhook and what the receiver made of it. */
export type WebhookDelivery = {
  sessionId: number
  event: string
  url: string
  body: Fields
  /** Milliseconds since 1970. */
  at: number
  /** HTTP status, or `unreachable`, of every attempt. */
  attempts: (number | 'unreachable')[]
  /** When the attempt began and ended that the receiver took, milliseconds since 1970. */
  taken?: { from: number; to: number }
  outcome: 'pending' | 'delivered' | 'dropped' | 'given-up'
}

export type Hook = {
  event: string
  data: (variant: Variant) => unknown
  /** Webhooks of one lane keep their order. */
  lane: string
  variant?: Variant | undefined
  /** Deliver although the session is not subscribed to the event. */
  always?: boolean
  /** Session and QR events have no timestamp (docs/platforms/wasender.md#envelope). */
  timeless?: boolean
}

export type Webhooks = {
  faults: WebhookFaults
  log: readonly WebhookDelivery[]
  /** Resolves when the receiver has accepted it or the retries are used up. Never rejects. */
  send(session: Session, hook: Hook): Promise<void>
}

export type WebhookOptions = {
  clock: Clock
  random: Random
  changes: Changes
  tasks: Tasks
  faults: WebhookFaults
  /** Shortest wait before a retry; the longest is three times as long. */
  retryMs: number
  timeoutMs: number
  keep: number
}

const RETRIES = 3

/** Sends webhooks as production was seen to (docs/platforms/wasender.md#webhooks). */
export function createWebhooks(options: WebhookOptions): Webhooks {
  const { clock, random, changes, tasks, faults } = options
  const log = createLedger<WebhookDelivery>(options.keep)
  const window = createWindow(random, tasks)

  async function deliver(session: Session, delivery: WebhookDelivery): Promise<void> {
    await tasks.pause(waitOf(faults, random))
    for (let attempt = 0; attempt <= RETRIES; attempt += 1) {
      if (attempt > 0) await tasks.pause(random.between(options.retryMs, options.retryMs * 3))
      const from = clock.now()
      const status = await post(delivery, session.webhookSecret, tasks.signal, options.timeoutMs)
      delivery.attempts.push(status)
      if (typeof status === 'number' && status >= 200 && status < 300) {
        delivery.outcome = 'delivered'
        delivery.taken = { from, to: clock.now() }
        break
      }
    }
    if (delivery.outcome === 'pending') delivery.outcome = 'given-up'
    changes.emit({ kind: 'webhook', delivery })
  }

  async function send(session: Session, hook: Hook): Promise<void> {
    const { webhookUrl: url } = session
    if (url === null || !isWanted(session, hook)) return
    const now = clock.now()
    const body = bodyOf(session, hook, { ...faults.variant, ...hook.variant }, now)
    const entry = (outcome: WebhookDelivery['outcome']): WebhookDelivery =>
      log.add({
        sessionId: session.id,
        event: hook.event,
        url,
        body,
        at: now,
        attempts: [],
        outcome,
      })
    if (random.next() < (faults.dropRate ?? 0)) {
      changes.emit({ kind: 'webhook', delivery: entry('dropped') })
      return
    }
    const lane = `${session.id} ${hook.lane}`
    const run = (job: () => Promise<void>) => {
      if (faults.overtake) return job()
      if (faults.reorder) return window.add(faults.reorderWindowMs ?? 50, job)
      return tasks.inTurn(`webhook ${lane}`, job)
    }
    const copies = Array.from({ length: 1 + (faults.duplicate ?? 0) }, () => entry('pending'))
    await Promise.all(copies.map((copy) => run(() => deliver(session, copy))))
  }

  return { faults, log: log.entries, send }
}

function isWanted(session: Session, { event, always }: Hook): boolean {
  if (!session.webhookEnabled || !session.webhookLive) return false
  return always === true || (session.webhookEvents ?? []).includes(event)
}

function bodyOf(session: Session, hook: Hook, variant: Variant, now: number): Fields {
  const timestamp = variant.envelope === 's' ? Math.floor(now / 1000) : now
  return shaped(
    {
      event: hook.event,
      sessionId: session.apiKey,
      data: hook.data(variant),
      timestamp: hook.timeless ? undefined : timestamp,
    },
    variant,
  )
}

function waitOf({ delayMs: delay, late }: WebhookFaults, random: Random): number {
  if (late !== undefined && random.next() < late.share) return random.between(...late.ms)
  if (delay === undefined) return 0
  return typeof delay === 'number' ? delay : random.between(delay[0], delay[1])
}

async function post(
  { url, body }: WebhookDelivery,
  secret: string,
  closing: AbortSignal,
  timeoutMs: number,
): Promise<number | 'unreachable'> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-webhook-signature': secret },
      body: JSON.stringify(body),
      signal: AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    // A receiver that is down, slow or cuts the line is an outcome here, not an error of the stand-in.
    return 'unreachable'
  }
}
