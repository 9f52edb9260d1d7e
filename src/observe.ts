import type { Observer } from './delivery/handlers.ts'
import { describeError } from './errors.ts'
import type { OnWebhook } from './http/webhook-routes.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'

/** Turns what happens into metrics and log lines. Ids, kinds and counts only (P8). */
export function createObserver(deps: { log: Logger; metrics: Metrics }): Observer & {
  onWebhook: OnWebhook
} {
  const { log, metrics } = deps
  return {
    onMessage({ account, direction, kind, result }) {
      metrics.messages.inc({ account: account.id, direction, kind, result })
      if (result === 'unknown') metrics.unknownOutcomes.inc({ account: account.id })
    },
    onHandled(direction, seconds) {
      metrics.delivery.observe({ direction }, seconds)
    },
    onAttemptFailed({ lane, entry, error, retryAt }) {
      const facts = {
        account: lane.account,
        direction: lane.direction,
        entry: entry.id,
        attempts: entry.attempts + 1,
        retryAt: retryAt === undefined ? undefined : new Date(retryAt).toISOString(),
        err: error,
      }
      if (retryAt === undefined) log.error(facts, 'An entry failed for good')
      else log.warn(facts, 'An attempt failed and is repeated')
    },
    onUnknown(account, event, reason) {
      log.warn(
        { account: account.id, event, reason },
        'A webhook has a shape the bridge does not know',
      )
    },
    onSessionStatus(account, status) {
      metrics.sessionUp.set({ account: account.id }, status === 'connected' ? 1 : 0)
      log.info({ account: account.id, status }, 'The WhatsApp session changed')
    },
    onWorkerError(error) {
      log.error({ err: error }, `A worker failed: ${describeError(error)}`)
    },
    onWebhook({ source, account, event, result, error }) {
      metrics.webhooks.inc({ account, source, event, result })
      if (error !== undefined) {
        log.error({ account, source, err: error }, 'A webhook could not be stored')
      } else if (result === 'unauthorized') {
        log.warn({ source }, 'A webhook was refused: its signature is missing or wrong')
      } else {
        log.debug({ account, source, event, result }, 'Webhook')
      }
    },
  }
}
