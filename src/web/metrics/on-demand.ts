import { Gauge, type Registry } from 'prom-client'

/** Questions that are asked when Prometheus scrapes. */
export type Questions = {
  waiting: () => Promise<
    { account: string; direction: string; count: number; oldestSeconds: number }[]
  >
  failures: () => Promise<{ account: string; direction: string; count: number }[]>
  limits: () => Promise<{ account: string; code: string; isMet: boolean }[]>
  openLids: () => Promise<{ account: string; count: number }[]>
  entries: () => Promise<{ kind: string; count: number }[]>
}

/**
 * Gauges that are computed on demand. What cannot be told now, as while Redis is away, is left out of the answer instead
 * of being shown as it was; the other metrics are served all the same.
 */
export function watchOnDemand(
  registry: Registry,
  questions: Questions,
  onError: (error: unknown) => void,
): void {
  const waiting = sharedWhilePending(questions.waiting)
  const gauge = <Row, Label extends string>(given: {
    name: string
    help: string
    labelNames: readonly Label[]
    rows: () => Promise<readonly Row[]>
    value: (row: Row) => { labels: Record<Label, string>; value: number }
  }) =>
    new Gauge({
      name: given.name,
      help: given.help,
      labelNames: given.labelNames,
      registers: [registry],
      async collect() {
        try {
          const rows = await given.rows()
          for (const { labels, value } of rows.map(given.value)) this.set(labels, value)
        } catch (error) {
          this.reset()
          onError(error)
        }
      },
    })

  const place = ({ account, direction }: { account: string; direction: string }) => ({
    account,
    direction,
  })
  gauge({
    name: 'bridge_waiting',
    help: 'Entries waiting in the lanes',
    labelNames: ['account', 'direction'],
    rows: waiting,
    value: (row) => ({ labels: place(row), value: row.count }),
  })
  gauge({
    name: 'bridge_oldest_waiting_seconds',
    help: 'Age of the oldest waiting entry, 0 when nothing waits',
    labelNames: ['account', 'direction'],
    rows: waiting,
    value: (row) => ({ labels: place(row), value: row.oldestSeconds }),
  })
  gauge({
    name: 'bridge_failures',
    help: 'Dead letters: what was given up and waits for an admin',
    labelNames: ['account', 'direction'],
    rows: questions.failures,
    value: (row) => ({ labels: place(row), value: row.count }),
  })
  gauge({
    name: 'bridge_whatsapp_limit',
    help: "1 while WhatsApp's limit with this number is on the account: 463 new chats, 475 new conversations in a month",
    labelNames: ['account', 'code'],
    rows: questions.limits,
    value: ({ account, code, isMet }) => ({ labels: { account, code }, value: isMet ? 1 : 0 }),
  })
  gauge({
    name: 'bridge_lids_open',
    help: 'Customers who are known by LID only; their numbers are asked for again',
    labelNames: ['account'],
    rows: questions.openLids,
    value: ({ account, count }) => ({ labels: { account }, value: count }),
  })
  gauge({
    name: 'bridge_store_entries',
    help: 'Entries in the mapping store',
    labelNames: ['kind'],
    rows: questions.entries,
    value: ({ kind, count }) => ({ labels: { kind }, value: count }),
  })
}

/** Two gauges read one answer: whoever asks while it is on its way gets the same. */
function sharedWhilePending<T>(ask: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined
  return () => {
    pending ??= ask().finally(() => {
      pending = undefined
    })
    return pending
  }
}
