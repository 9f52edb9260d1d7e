import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { beginAtZero } from './metrics/from-zero.ts'
import { type Questions, watchOnDemand } from './metrics/on-demand.ts'
import type { OnCall } from './upstream/transport.ts'

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
