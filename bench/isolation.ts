import { setTimeout } from 'node:timers/promises'
import Table from 'cli-table3'
import type { FaultKind } from '../sandbox/faults.ts'
import { type Fleet, type FleetAccount, startFleet } from '../test/support/fleet.ts'

/**
 * What one account feels of another one's trouble: the latency of its messages while the other's Chatwoot is well, hangs,
 * or takes seconds for each request with a hundred chats waiting. The phases take turns, so that whatever else the
 * machine does hits all of them alike.
 */

type Phase = { name: string; fault?: FaultKind }
type Row = { phase: string; p50: number; p99: number; change: number }

const PHASES: readonly Phase[] = [
  { name: 'the other account is well' },
  { name: "the other account's Chatwoot hangs", fault: { kind: 'hang' } },
  { name: "the other account's Chatwoot is slow", fault: { kind: 'delay', ms: 4_000 } },
]
const ROUNDS = 5
const MESSAGES = 40
const WAITING_CHATS = 100
const CALM_MS = 1_500

const say = ({ wasender }: Fleet, { session }: FleetAccount, chat: number, text: string) =>
  wasender
    .person({ phone: `+1555100${1000 + chat}`, name: `Customer ${chat}`, session: session.id })
    .sendText(text, { events: ['messages.upsert'] })

const isThere = ({ chatwoot }: FleetAccount, keyId: string) =>
  chatwoot.allMessages().some(({ sourceId }) => sourceId === keyId)

async function arrival(account: FleetAccount, keyId: string): Promise<void> {
  await account.chatwoot.waitFor(() => isThere(account, keyId), { timeoutMs: 120_000 })
}

/** Latencies of single messages of `measured` while `troubled` has its trouble, in ms. */
async function measure(
  fleet: Fleet,
  { fault }: Phase,
  { troubled, measured }: { troubled: FleetAccount; measured: FleetAccount },
): Promise<number[]> {
  if (fault !== undefined) troubled.chatwoot.faults.add(fault)
  const waiting = Array.from({ length: WAITING_CHATS }, (_, chat) =>
    say(fleet, troubled, chat, 'waiting'),
  )
  await Promise.all(waiting.map(({ delivered }) => delivered))
  // Without a fault all of them are through soon, and only then the account is well.
  if (fault === undefined) for (const { keyId } of waiting) await arrival(troubled, keyId)
  // The burst itself costs time that is not what is measured here.
  await setTimeout(CALM_MS)
  const latencies: number[] = []
  for (let n = 0; n < MESSAGES; n += 1) {
    const at = performance.now()
    await arrival(measured, say(fleet, measured, 0, `${n}`).keyId)
    latencies.push(performance.now() - at)
  }
  troubled.chatwoot.faults.clear()
  for (const { keyId } of waiting) await arrival(troubled, keyId)
  return latencies
}

export async function benchIsolation(): Promise<{ rows: Row[] }> {
  const fleet = await startFleet({ accounts: 3 })
  try {
    const [troubled, , measured] = fleet.accounts
    if (!troubled || !measured) throw new Error('The fleet is too small')
    const pair = { troubled, measured }
    // Known chats, so that the costs of making contacts are not measured.
    for (const phase of PHASES.slice(0, 1)) await measure(fleet, phase, pair)
    const rounds: number[][][] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const phases: number[][] = []
      for (const phase of PHASES) phases.push(await measure(fleet, phase, pair))
      rounds.push(phases)
    }
    return { rows: rowsOf(rounds) }
  } finally {
    await fleet.close()
  }
}

function at(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * share)] ?? 0
}

/** Phases of one round lie side by side, so the change is told by round; its median is what counts. */
function rowsOf(rounds: readonly number[][][]): Row[] {
  return PHASES.map(({ name }, index) => {
    const all = rounds.flatMap((phases) => phases[index] ?? [])
    const changes = rounds.map((phases) => at(phases[index] ?? [], 0.5) / at(phases[0] ?? [], 0.5))
    return { phase: name, p50: at(all, 0.5), p99: at(all, 0.99), change: at(changes, 0.5) - 1 }
  })
}

if (import.meta.main) {
  const result = await benchIsolation()
  if (process.argv.includes('--json')) console.log(JSON.stringify(result, null, 2))
  else {
    const table = new Table({
      head: ['customer to agent, while', 'p50 ms', 'p99 ms', 'p50 changes'],
    })
    for (const { phase, p50, p99, change } of result.rows) {
      const percent = `${change >= 0 ? '+' : ''}${(change * 100).toFixed(0)} %`
      table.push([phase, p50.toFixed(1), p99.toFixed(1), percent])
    }
    console.log(table.toString())
    console.log(`${ROUNDS * MESSAGES} messages each, in ${ROUNDS} interleaved rounds`)
  }
}
