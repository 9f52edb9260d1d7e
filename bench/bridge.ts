import { readFile } from 'node:fs/promises'
import Table from 'cli-table3'
import { startWorld, type World } from '../test/support/world.ts'

/**
 * The whole way of a message, through the real process, both stand-ins and a private Redis that fsyncs every write:
 * how fast webhooks are accepted, when a message is visible on the other side, and what the process weighs. The
 * stand-ins run in this process and share its two cores with the bridge, so these are lower bounds.
 */

type Row = { what: string; unit: string; p50: number; p99: number; max: number; note: string }

const CHATS = 20
const PER_CHAT = 25

function row(what: string, unit: string, samples: number[], note: string): Row {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  return { what, unit, p50: at(0.5) ?? 0, p99: at(0.99) ?? 0, max: sorted.at(-1) ?? 0, note }
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

/** Known chats, so that the costs of making contacts are not measured. */
async function warmUp(world: World) {
  const people = Array.from({ length: CHATS }, (_, n) =>
    world.wasender.person({ phone: `+1555000${1000 + n}`, name: `Customer ${n}` }),
  )
  for (const person of people) person.sendText('hello')
  await world.chatwoot.waitFor(
    () => world.chatwoot.allMessages().filter((m) => m.content === 'hello').length === CHATS,
    { timeoutMs: 30_000 },
  )
  return people
}

async function inbound(world: World): Promise<Row[]> {
  const people = await warmUp(world)
  const sent = new Map<string, number>()
  const accepted: number[] = []
  const started = performance.now()
  const deliveries = people.flatMap((person) =>
    Array.from({ length: PER_CHAT }, (_, n) => {
      const at = performance.now()
      const said = person.sendText(`message ${n}`, { events: ['messages.upsert'] })
      sent.set(said.keyId, at)
      return said.delivered.then(() => accepted.push(performance.now() - at))
    }),
  )
  const seen = new Map<string, number>()
  await world.chatwoot.waitFor(
    () => {
      for (const { sourceId } of world.chatwoot.allMessages().slice(seen.size)) {
        if (sourceId !== null && !seen.has(sourceId)) seen.set(sourceId, performance.now())
      }
      return [...sent.keys()].every((keyId) => seen.has(keyId))
    },
    { timeoutMs: 120_000 },
  )
  await Promise.all(deliveries)
  const total = (performance.now() - started) / 1000
  const visible = [...sent].map(([keyId, at]) => (seen.get(keyId) ?? 0) - at)
  const rate = `${Math.round(sent.size / total)} messages/s, ${CHATS} chats at once`
  return [
    row('webhook accepted (burst)', 'ms', accepted, 'sent all at once, queued behind each other'),
    row('customer to agent (burst)', 'ms', visible, rate),
  ]
}

/** One message at a time: the latency an agent or a customer feels. */
async function oneByOne(world: World): Promise<Row[]> {
  const person = world.wasender.person({ phone: '+15550001000' })
  const toAgent: number[] = []
  const toPhone: number[] = []
  const conversation = world.chatwoot.allMessages().find(({ sourceId }) => sourceId !== null)
    ?.conversationId as number
  for (let n = 0; n < 50; n += 1) {
    const at = performance.now()
    const { keyId } = person.sendText(`single ${n}`, { events: ['messages.upsert'] })
    await world.chatwoot.waitFor(() =>
      world.chatwoot.allMessages().some(({ sourceId }) => sourceId === keyId),
    )
    toAgent.push(performance.now() - at)
  }
  await world.chatwoot.settled()
  for (let n = 0; n < 20; n += 1) {
    const before = world.wasender.calls.length
    const at = performance.now()
    await world.chatwoot.agent().reply(conversation, `reply ${n}`)
    await world.wasender.waitFor(() =>
      world.wasender.calls.slice(before).some(({ path }) => path.includes('send-message')),
    )
    toPhone.push(performance.now() - at)
  }
  return [
    row('customer to agent (one by one)', 'ms', toAgent, 'includes 150 ms settling for order'),
    row('agent to WhatsApp (one by one)', 'ms', toPhone, 'includes 250 ms settling for order'),
  ]
}

export async function benchBridge(): Promise<{ rows: Row[]; residentMb: number }> {
  const world = await startWorld({ chatwoot: { messagesPerMinute: 1_000_000 } })
  try {
    const burst = await inbound(world)
    const singles = await oneByOne(world)
    return { rows: [...singles, ...burst], residentMb: await residentMb(world.bridge.pid) }
  } finally {
    await world.close()
  }
}

if (import.meta.main) {
  const result = await benchBridge()
  if (process.argv.includes('--json')) console.log(JSON.stringify(result, null, 2))
  else {
    const table = new Table({ head: ['', 'p50 ms', 'p99 ms', 'max ms', ''] })
    for (const { what, p50, p99, max, note } of result.rows) {
      table.push([what, p50.toFixed(1), p99.toFixed(1), max.toFixed(1), note])
    }
    console.log(table.toString())
    console.log(`The bridge's process: ${result.residentMb.toFixed(0)} MB resident`)
  }
}
