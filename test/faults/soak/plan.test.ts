import { describe, expect, it } from 'vitest'
import { planRound, type RoundSize, type Step } from './plan.ts'

const SIZE: RoundSize = { accounts: 3, customers: 3, messages: 45, ms: 1_500 }

describe('the plan of a round', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(planRound(7, SIZE)).toEqual(planRound(7, SIZE))
    expect(planRound(7, SIZE)).not.toEqual(planRound(8, SIZE))
  })

  it('has everything in it, over many seeds', () => {
    const plans = Array.from({ length: 200 }, (_, seed) => planRound(seed, SIZE))
    const seen = new Set(plans.flatMap(({ steps }) => steps.map((step) => step.do)))
    const all: Step['do'][] = ['write', 'type', 'reply', 'kill-bridge', 'kill-redis', 'trouble']
    expect(seen).toEqual(new Set([...all, 'away', 'disconnect']))
    for (const { steps } of plans) {
      expect(steps.some((step) => step.do === 'kill-bridge')).toBe(true)
      expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted((a, b) => a - b))
    }
  })
})
