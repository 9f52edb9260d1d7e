import type { Metrics } from '../metrics.ts'
import { SET_ASIDE_KINDS } from '../set-aside/set-aside.ts'

type Webhook = { source: string; event: string; result: string }
type Message = { direction: string; kind: string; result: string }

/** Nobody is known yet who sent it. */
const REFUSED: readonly Webhook[] = ['wasender', 'chatwoot'].flatMap((source) =>
  ['unauthorized', 'too-large', 'no-room', 'cut-off'].map((result) => ({
    source,
    event: '',
    result,
  })),
)

const WEBHOOKS: readonly Webhook[] = [
  ...['wasender', 'chatwoot'].flatMap((source) =>
    ['not-json', 'not-stored'].map((result) => ({ source, event: '', result })),
  ),
  { source: 'wasender', event: 'messages.upsert', result: 'queued' },
  { source: 'wasender', event: 'messages.update', result: 'queued' },
  { source: 'wasender', event: 'message.sent', result: 'queued' },
  { source: 'chatwoot', event: 'message_created', result: 'queued' },
  { source: 'chatwoot', event: 'message_updated', result: 'queued' },
]

const MESSAGES: readonly Message[] = [
  ...['delivered', 'echo', 'duplicate', 'ignored'].map((result) => ({
    direction: 'in',
    kind: 'text',
    result,
  })),
  ...['accepted', 'failed', 'unknown'].map((result) => ({
    direction: 'out',
    kind: 'text',
    result,
  })),
]

/**
 * Begins series before anything has happened, so that `rate()` sees their first step and a rule about silence has
 * something to look at. Only those that are sure to be looked at: all others begin when they happen.
 */
export function beginAtZero(
  metrics: Pick<
    Metrics,
    'webhooks' | 'messages' | 'delivery' | 'unknownOutcomes' | 'setAside' | 'sessionUp'
  >,
  accounts: readonly string[],
): void {
  for (const labels of REFUSED) metrics.webhooks.inc({ account: '', ...labels }, 0)
  for (const direction of ['in', 'out', 'status']) metrics.delivery.zero({ direction })
  for (const what of SET_ASIDE_KINDS) metrics.setAside.inc({ what }, 0)
  for (const account of accounts) {
    for (const labels of WEBHOOKS) metrics.webhooks.inc({ account, ...labels }, 0)
    for (const labels of MESSAGES) metrics.messages.inc({ account, ...labels }, 0)
    metrics.unknownOutcomes.inc({ account }, 0)
    metrics.sessionUp.set({ account }, 0)
  }
}
