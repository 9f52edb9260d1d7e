import { expect, it } from 'vitest'
import { CRASH_POINTS } from '../../src/kernel/crash-points.ts'
import { INBOUND, OUTBOUND, pointsOf } from './crash/scenarios.ts'
import { walkThrough } from './crash/walk.ts'

for (const scenario of OUTBOUND) walkThrough(scenario)

it('no crash point is left out', () => {
  const walked = new Set([...INBOUND, ...OUTBOUND].flatMap(pointsOf))
  // What is given up for good: see crash-given-up.test.ts.
  const elsewhere = ['failures.add.before', 'failures.add.after'] as const
  expect(new Set([...walked, ...elsewhere])).toEqual(new Set(CRASH_POINTS))
})
