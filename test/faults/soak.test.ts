import { expect, it } from 'vitest'
import { isFaultless, reportOf } from './soak/report.ts'
import type { RoundResult } from './soak/round.ts'
import { soak } from './soak/run.ts'

/** A short run; `npm run soak` is the long one. */
const ROUNDS = 3
const SEED = 4_000

it('kill -9 under load: nothing lost, nothing twice, in order, to the right chat', {
  timeout: 180_000,
}, async () => {
  const results: RoundResult[] = []
  await soak({
    seed: SEED,
    goOn: () => results.length < ROUNDS,
    onRound: (result) => results.push(result),
  })
  const report = reportOf(results)
  expect(report.failures).toEqual([])
  expect(isFaultless(report)).toBe(true)
  expect(report.counts.written).toBeGreaterThan(ROUNDS * 10)
  expect(report.counts.bridgeKills).toBeGreaterThanOrEqual(ROUNDS)
})
