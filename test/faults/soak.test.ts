import { expect, it } from 'vitest'
import { isFaultless, reportOf } from './soak/report.ts'
import type { RoundResult } from './soak/round.ts'
import { soak } from './soak/run.ts'

/** Short runs; `npm run soak` is the long one. */
const SEED = 4_000

it.each([
  { bridges: 'one bridge', processes: 1, rounds: 3 },
  { bridges: 'two bridges that share a Redis', processes: 2, rounds: 1 },
])(
  'kill -9 of $bridges under load: nothing lost, nothing twice, in order, to the right chat',
  { timeout: 180_000 },
  async ({ processes, rounds }) => {
    const results: RoundResult[] = []
    await soak({
      seed: SEED,
      processes,
      goOn: () => results.length < rounds,
      onRound: (result) => results.push(result),
    })
    const report = reportOf(results)
    expect(report.failures).toEqual([])
    expect(isFaultless(report)).toBe(true)
    expect(report.counts.written).toBeGreaterThan(rounds * 10)
    expect(report.counts.bridgeKills).toBeGreaterThanOrEqual(rounds)
  },
)
