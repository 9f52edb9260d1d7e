import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { OnCall } from './upstream/transport.ts'

const UPSTREAM_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20]
const DELIVERY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86_400]

/** What the bridge counts. Names and labels are an interface (design section 6). */
export type Metrics = ReturnType<typeof createMetrics>

/** Values that are asked for when Prometheus scrapes. */
export type Gauges = {
  waiting: () => Promise<
    { account: string; direction: string; count: number; oldestSeconds: number }[]
  >
  failures: () => Promise<{ account: string; direction: string; count: number }[]>
  entries: () => Promise<{ kind: string; count: number }[]>
}

export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

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
    registry,
    onCall,
    webhooks: new Counter({
      name: 'bridge_webhooks_total',
      help: 'Webhooks by what became of them',
      labelNames: ['account', 'source', 'event', 'result'],
      registers,
    }),
    messages: new Counter({
      name: 'bridge_messages_total',
      help: 'Messages by what became of them',
      labelNames: ['account', 'direction', 'kind', 'result'],
      registers,
    }),
    delivery: new Histogram({
      name: 'bridge_delivery_seconds',
      help: 'From accepting a webhook to having delivered its message',
      labelNames: ['direction'],
      buckets: DELIVERY_BUCKETS,
      registers,
    }),
    unknownOutcomes: new Counter({
      name: 'bridge_unknown_outcomes',
      help: 'Sends whose answer was lost and that nothing settled',
      labelNames: ['account'],
      registers,
    }),
    sessionUp: new Gauge({
      name: 'bridge_session_up',
      help: '1 while the WhatsApp session is connected, 0 when it is known not to be',
      labelNames: ['account'],
      registers,
    }),
    /** Registers the gauges that are computed on demand. */
    watch: (gauges: Gauges) => watch(registry, gauges),
  }
}

function watch(registry: Registry, gauges: Gauges): void {
  const registers = [registry]
  const waiting = new Gauge({
    name: 'bridge_waiting',
    help: 'Entries waiting in the lanes',
    labelNames: ['account', 'direction'],
    registers,
    async collect() {
      for (const { account, direction, count, oldestSeconds } of await gauges.waiting()) {
        waiting.set({ account, direction }, count)
        oldest.set({ account, direction }, oldestSeconds)
      }
    },
  })
  const oldest = new Gauge({
    name: 'bridge_oldest_waiting_seconds',
    help: 'Age of the oldest waiting entry',
    labelNames: ['account', 'direction'],
    registers,
  })
  const failures = new Gauge({
    name: 'bridge_failures',
    help: 'Dead letters',
    labelNames: ['account', 'direction'],
    registers,
    async collect() {
      for (const { count, ...labels } of await gauges.failures()) failures.set(labels, count)
    },
  })
  const entries = new Gauge({
    name: 'bridge_store_entries',
    help: 'Entries in the mapping store',
    labelNames: ['kind'],
    registers,
    async collect() {
      for (const { kind, count } of await gauges.entries()) entries.set({ kind }, count)
    },
  })
}
