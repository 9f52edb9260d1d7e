import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import { parseWasenderWebhook, type WasenderEvent } from '../../wasender/events/index.ts'
import { routeOf } from './inbound-routes.ts'
import type { Intake } from './intake.ts'
import type { Arrival } from './place-arrival.ts'

/** What an authentic webhook came to; the `result` label of `bridge_webhooks_total`. */
export type IngestResult = 'queued' | 'ignored' | 'unknown'

export type IngestWasenderDeps = {
  intake: Pick<Intake, 'accept'>
  clock: Clock
  /** Told about every change of the session's state. */
  onSessionStatus: (account: Account, status: string) => Promise<void>
  /** Told of a QR code, which nothing but this may keep. */
  onQr: (account: Account, qr: string) => void
  onUnknown: (account: Account, event: string, reason: string) => void
}

/**
 * Takes an authentic WasenderAPI webhook: splits it into its events and puts each into the lane of its chat. Resolves
 * once everything is durable. Never throws because of what the body holds.
 */
export function createIngestWasender(deps: IngestWasenderDeps) {
  const { intake, clock } = deps

  /** Events that are about the session or nothing at all, not about a chat. */
  async function note(account: Account, event: WasenderEvent): Promise<void> {
    if (event.type === 'session-status') await deps.onSessionStatus(account, event.status)
    if (event.type === 'qr') deps.onQr(account, event.qr)
    if (event.type === 'unknown') deps.onUnknown(account, event.event, event.reason)
  }

  return async (
    account: Account,
    body: unknown,
  ): Promise<{ event: string; result: IngestResult }> => {
    const { event: name, events } = parseWasenderWebhook(body)
    const receivedAt = clock.now()
    const arrivals: Arrival[] = []
    for (const event of events) {
      await note(account, event)
      const route = routeOf(account, event, receivedAt)
      if (route === undefined) continue
      arrivals.push({ from: 'wasender', account: account.id, receivedAt, route })
    }
    const waiting = await intake.accept(arrivals)
    if (waiting > 0) return { event: name, result: 'queued' }
    const isUnknown = events.some((event) => event.type === 'unknown')
    return { event: name, result: isUnknown ? 'unknown' : 'ignored' }
  }
}
