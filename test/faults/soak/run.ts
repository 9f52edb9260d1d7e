import { startFleet } from '../../support/fleet.ts'
import { planRound, type RoundSize } from './plan.ts'
import { createRounds, type RoundResult } from './round.ts'

export type SoakOptions = {
  /** Seed of the first round; the next one has the next number. */
  seed: number
  /** Asked before each round. */
  goOn: (played: number) => boolean
  onRound: (result: RoundResult) => void
  size?: RoundSize
  /** Bridges that share the work; one when absent. */
  processes?: number
}

/** The same accounts and files serve so many rounds, then everything starts afresh. */
const ROUNDS_PER_FLEET = 20
const DEFAULT_SIZE: RoundSize = { accounts: 3, customers: 3, messages: 45, ms: 1_500 }

/** Plays seeded rounds of kills and faults under load, one after the other. */
export async function soak({
  seed,
  goOn,
  onRound,
  size = DEFAULT_SIZE,
  processes = 1,
}: SoakOptions): Promise<void> {
  for (let played = 0; goOn(played); ) {
    const fleet = await startFleet({ accounts: size.accounts, seed: seed + played, processes })
    const rounds = createRounds(fleet, size.customers)
    try {
      do {
        onRound(await rounds.play(planRound(seed + played, size)))
        played += 1
      } while (played % ROUNDS_PER_FLEET !== 0 && goOn(played))
    } finally {
      await rounds.close()
    }
  }
}
