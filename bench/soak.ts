import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { isFaultless, reportOf, type SoakReport } from '../test/faults/soak/report.ts'
import type { RoundResult } from '../test/faults/soak/round.ts'
import { soak } from '../test/faults/soak/run.ts'

/**
 * Kills the bridge and its Redis at random under load, breaks and delays what the platforms answer, and compares both
 * ledgers after every round: `npm run soak -- --minutes 30 --seed 1`, or `--rounds 500`. One round again:
 * `--seed N --rounds 1`. `--processes 2` lets two bridges share a Redis. `--json` prints the report for a program. The exit code is 1 when anything was broken.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    minutes: { type: 'string' },
    processes: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})

const DEFAULT_MINUTES = 5

const isOver = (results: readonly RoundResult[], started: number): boolean => {
  if (values.rounds !== undefined) return results.length >= Number(values.rounds)
  return performance.now() - started >= Number(values.minutes ?? DEFAULT_MINUTES) * 60_000
}

const WHAT: Record<keyof SoakReport['counts'], string> = {
  written: 'messages of customers',
  typed: 'messages typed on the phone',
  replied: 'messages of agents',
  neverAccepted: 'of these, never answered 2xx (bridge down, webhook lost)',
  refusedVisibly: 'of these, not sent and shown as failed by Chatwoot',
  mayHaveArrived: 'told to the agent: may have arrived, has not',
  bridgeKills: 'kill -9 of the bridge',
  redisKills: 'kill -9 of Redis',
  troubles: 'faults of the platforms',
}

function progress({ seed, findings, crashes, counts, ms }: RoundResult, played: number): string {
  const broken = findings.length + crashes.length
  const said = counts.written + counts.typed + counts.replied
  const verdict = broken === 0 ? 'all well' : `${broken} BROKEN`
  return `round ${played} · seed ${seed} · ${said} messages · ${(ms / 1000).toFixed(1)} s · ${verdict}`
}

function print(report: SoakReport): void {
  const { seeds, rounds, minutes, counts, refusals, broken, failures } = report
  const table = new Table({ style: { 'padding-left': 1, border: [] } })
  table.push(['seeds', `${seeds.first} to ${seeds.last}`])
  table.push(['rounds', `${rounds} in ${minutes.toFixed(1)} minutes`])
  for (const [count, words] of Object.entries(WHAT)) {
    table.push([words, counts[count as keyof typeof counts]])
  }
  for (const [reason, count] of Object.entries(refusals)) table.push([`failed: ${reason}`, count])
  for (const [what, count] of Object.entries(broken)) table.push([what.toUpperCase(), count])
  console.log(table.toString())
  for (const failure of failures) printFailure(failure, console.log)
}

function printFailure(
  { seed, findings, crashes }: SoakReport['failures'][number],
  say: (line: string) => void,
): void {
  for (const { what, direction, account, phone, detail } of findings) {
    say(`  seed ${seed}: ${what} · ${direction} · ${account} · ${phone} · ${detail}`)
  }
  for (const crash of crashes) say(`  seed ${seed}: the bridge ended by itself · ${crash}`)
}

/** The log of a broken round tells what came first; it is not in git. */
const LOGS = join(import.meta.dirname, '../test-results')

function keepLog({ seed, log }: RoundResult): void {
  if (log.length === 0) return
  mkdirSync(LOGS, { recursive: true })
  const path = join(LOGS, `soak-${seed}.log`)
  writeFileSync(path, log.map((line) => JSON.stringify(line)).join('\n'))
  console.error(`  the bridges' log of this round: ${path}`)
}

const results: RoundResult[] = []
const started = performance.now()
await soak({
  seed: Number(values.seed),
  processes: Number(values.processes),
  goOn: () => !isOver(results, started),
  onRound(result) {
    results.push(result)
    console.error(progress(result, results.length))
    printFailure(result, console.error)
    keepLog(result)
  },
})
const report = reportOf(results)
if (values.json) console.log(JSON.stringify(report, null, 2))
else print(report)
if (!isFaultless(report)) process.exitCode = 1
