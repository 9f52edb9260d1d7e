import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Content, IgnoredMessage } from '../../content/message/canonical.ts'
import { chatwootEventNames } from '../../platforms/chatwoot/events.ts'
import type { OnCall } from '../../platforms/upstream/transport.ts'
import { wasenderEventNames } from '../../platforms/wasender/events/index.ts'
import type { OutgoingContent } from '../../platforms/wasender/outgoing-message.ts'
import { isKnownSessionStatus } from '../../platforms/wasender/session-status.ts'
import { SET_ASIDE_KINDS } from '../../state/set-aside/set-aside.ts'
import { type Questions, watchOnDemand } from './on-demand.ts'

const UPSTREAM_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20]
const DELIVERY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86_400]

/** What the bridge counts. Names and labels are an interface: dashboards and alarms use them (docs/monitoring.md). */
export type Metrics = ReturnType<typeof createMetrics>

/** `accounts`: ids of the configured ones, whose series begin at 0. */
export function createMetrics({ accounts }: { accounts: readonly string[] }) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const metrics = {
    ...createTraffic([registry]),
    ...createOutcomes([registry]),
    sessionUp: new Gauge({
      name: 'bridge_session_up',
      help: '1 while the WhatsApp session is connected, 0 while it is not or nobody can tell',
      labelNames: ['account'],
      registers: [registry],
    }),
  }
  beginAtZero(metrics, accounts)
  return {
    registry,
    ...metrics,
    /** Registers what is counted when Prometheus asks. */
    watch: (questions: Questions, onError: (error: unknown) => void) =>
      watchOnDemand(registry, questions, onError),
  }
}

function createTraffic(registers: Registry[]) {
  const upstream = new Histogram({
    name: 'bridge_upstream_seconds',
    help: 'Duration of requests to WasenderAPI and Chatwoot',
    labelNames: ['upstream', 'operation', 'status'],
    buckets: UPSTREAM_BUCKETS,
    registers,
  })
  const onCall: OnCall = ({ upstream: name, operation, status, seconds }) =>
    upstream.observe({ upstream: name, operation, status: String(status) }, seconds)

  return {
    onCall,
    webhooks: new Counter({
      name: 'bridge_webhooks_total',
      help: 'Webhooks by what became of them; without an account when nobody proved to have sent it',
      labelNames: ['account', 'source', 'event', 'result'],
      registers,
    }),
    adminRefused: new Counter({
      name: 'bridge_admin_refused_total',
      help: 'Requests below /admin whose token was missing or wrong',
      registers,
    }),
  }
}

function createOutcomes(registers: Registry[]) {
  return {
    messages: new Counter({
      name: 'bridge_messages_total',
      help: 'Messages by what became of them',
      labelNames: ['account', 'direction', 'kind', 'result'],
      registers,
    }),
    delivery: new Histogram({
      name: 'bridge_delivery_seconds',
      help: 'From accepting a webhook to having delivered what it brought',
      labelNames: ['direction'],
      buckets: DELIVERY_BUCKETS,
      registers,
    }),
    setAside: new Counter({
      name: 'bridge_set_aside_total',
      help: 'Stored things that could not be read and were set aside since the start',
      labelNames: ['what'],
      registers,
    }),
    redisLosses: new Counter({
      name: 'bridge_redis_losses_total',
      help: 'How often since the start Redis was found to have lost what it held',
      registers,
    }),
    /** A counter in spite of its name, which is an interface: how many are still in doubt only the agents know. */
    unknownOutcomes: new Counter({
      name: 'bridge_unknown_outcomes',
      help: 'Sends since the start whose answer was lost and whose outcome nothing told in time',
      labelNames: ['account'],
      registers,
    }),
  }
}

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
function beginAtZero(
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

/** What a value becomes that nobody has documented: whoever sends something new must not make a series of it. */
const OTHER = 'other'

/** `''` when the body was not read, `unnamed` when it names no event. */
const EVENTS: ReadonlySet<string> = new Set([
  ...wasenderEventNames,
  ...chatwootEventNames,
  '',
  'unnamed',
])

/** Of WhatsApp messages. `self`: in the chat with ourselves. A kind that is forgotten here does not compile. */
const WHATSAPP_KINDS: Readonly<
  Record<Content['kind'] | OutgoingContent['kind'] | IgnoredMessage | 'self', true>
> = {
  text: true,
  media: true,
  image: true,
  video: true,
  audio: true,
  document: true,
  sticker: true,
  location: true,
  contact: true,
  contacts: true,
  poll: true,
  'poll-result': true,
  choice: true,
  reaction: true,
  edit: true,
  'encrypted-edit': true,
  revoke: true,
  call: true,
  system: true,
  rich: true,
  unsupported: true,
  noise: true,
  empty: true,
  self: true,
}

/** The kind of an agent's message until it is planned: its `content_type` (docs/platforms/chatwoot.md#rich-content). */
const CONTENT_TYPES = [
  'input_text',
  'input_textarea',
  'input_email',
  'input_select',
  'input_csat',
  'incoming_email',
  'cards',
  'form',
  'article',
  'integrations',
  'voice_call',
]

const KINDS: ReadonlySet<string> = new Set([...Object.keys(WHATSAPP_KINDS), ...CONTENT_TYPES])

/** The `event` label of a webhook, one of a finite set. */
export function eventLabel(event: string): string {
  if (event.startsWith('automation_event.')) return 'automation_event'
  return EVENTS.has(event) ? event : OTHER
}

/** The `kind` label of a message, one of a finite set. */
export function kindLabel(kind: string): string {
  return KINDS.has(kind) ? kind : OTHER
}

/** Of a session nobody could ask about, with the code of the bridge's own error (`watch-bridge.ts`). */
const UNASKED = /^unknown: [a-z]+\.[a-z_]+$/

/** The state of a session as it may stand in a log: a documented one, or why nobody can tell. */
export function sessionStatusLabel(status: string): string {
  return isKnownSessionStatus(status) || UNASKED.test(status) ? status : OTHER
}
