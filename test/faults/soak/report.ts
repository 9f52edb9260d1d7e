import type { Finding } from '../ledger/types.ts'
import { COUNTS, type Count, type RoundResult } from './round.ts'

/** What all rounds came to. */
export type SoakReport = {
  /** Every seed that was played; each of them gives the same plan again. */
  seeds: { first: number; last: number }
  rounds: number
  minutes: number
  counts: Record<Count, number>
  /** Accepted messages of agents that failed for another reason than a lost answer, by reason. */
  refusals: Record<string, number>
  /** Broken promises by kind. */
  broken: Record<Finding['what'] | 'crash', number>
  /** What is to be looked at, with the seed of its round. */
  failures: { seed: number; findings: Finding[]; crashes: string[] }[]
}

const NOTHING_BROKEN: SoakReport['broken'] = {
  lost: 0,
  twice: 0,
  disorder: 0,
  'wrong chat': 0,
  'wrong content': 0,
  unexpected: 0,
  'split chat': 0,
  crash: 0,
}

export function reportOf(results: readonly RoundResult[]): SoakReport {
  const seeds = results.map(({ seed }) => seed)
  const broken = { ...NOTHING_BROKEN }
  for (const { findings, crashes } of results) {
    for (const { what } of findings) broken[what] += 1
    broken.crash += crashes.length
  }
  const sum = (count: Count) => results.reduce((total, { counts }) => total + counts[count], 0)
  return {
    seeds: { first: Math.min(...seeds), last: Math.max(...seeds) },
    rounds: results.length,
    minutes: results.reduce((total, { ms }) => total + ms, 0) / 60_000,
    counts: Object.fromEntries(COUNTS.map((count) => [count, sum(count)])) as Record<Count, number>,
    refusals: tally(results.flatMap(({ refusals }) => refusals)),
    broken,
    failures: results
      .filter(({ findings, crashes }) => findings.length + crashes.length > 0)
      .map(({ seed, findings, crashes }) => ({ seed, findings, crashes })),
  }
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

export function isFaultless({ failures }: SoakReport): boolean {
  return failures.length === 0
}
