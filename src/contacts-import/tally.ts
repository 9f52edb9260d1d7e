import type { ContactProgress, Counts, Reasons } from './progress.ts'

/** What became of one contact. */
export type Outcome = Pick<ContactProgress, 'chat' | 'result' | 'reason' | 'code'>

/** Keeps count of what an import has done. */
export type Tally = {
  /** How many there are by now. */
  add(outcome: Outcome): number
  /** How many were created or linked. */
  brought(): number
  sums(): { counts: Counts; reasons: Reasons }
}

export function createTally(): Tally {
  const counts: Counts = { created: 0, linked: 0, unchanged: 0, skipped: 0 }
  const reasons: Reasons = {}
  let done = 0
  return {
    add({ result, reason }) {
      counts[result] += 1
      if (reason !== undefined) reasons[reason] = (reasons[reason] ?? 0) + 1
      done += 1
      return done
    },
    brought: () => counts.created + counts.linked,
    sums: () => ({ counts: { ...counts }, reasons: { ...reasons } }),
  }
}
