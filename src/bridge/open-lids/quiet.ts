import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import { type BridgeError, RateLimitedError } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Lanes } from '../../queue/lanes.ts'
import { pausedReason, type SessionGate } from '../holds/session-pauses.ts'

/** When an account's questions in the background have to wait. */
export type Quiet = {
  /** How many ms to keep quiet; 0 for not at all. */
  keep(account: Account): Promise<number>
  /** The gateway is in trouble, or wants to be left alone: so it is, the longer the more often that happens in a row. */
  troubled(account: AccountId, error: BridgeError): void
  answered(account: AccountId): void
}

/** Messages go first, unless they never end. */
const BUSY_MS = 2_000
const BUSY_FOR_AT_MOST_MS = 60_000
/** While the session is down, or Chatwoot. */
const PAUSED_MS = 60_000
const TROUBLE_MS: readonly number[] = [60_000, 300_000, 1_800_000]
const LONGEST_MS = 3_600_000

type Standing = { busySince?: number; troubles: number; quietUntil: number }

export function createQuiet(deps: {
  lanes: Pick<Lanes, 'waiting'>
  sessionGate: SessionGate
  clock: Clock
}): Quiet {
  const { lanes, sessionGate, clock } = deps
  const standings = new Map<AccountId, Standing>()

  function standingOf(account: AccountId): Standing {
    const standing = standings.get(account) ?? { troubles: 0, quietUntil: 0 }
    standings.set(account, standing)
    return standing
  }

  /** What has waited for long is held up by something else. */
  async function hasTraffic({ id }: Account): Promise<boolean> {
    const now = clock.now()
    const rows = await lanes.waiting([id])
    return rows.some(
      ({ direction, count, oldest }) =>
        direction !== 'status' && count > 0 && now - oldest < BUSY_FOR_AT_MOST_MS,
    )
  }

  return {
    async keep(account) {
      const standing = standingOf(account.id)
      const now = clock.now()
      if (standing.quietUntil > now) return standing.quietUntil - now
      if ((await pausedReason(account, sessionGate)) !== undefined) return PAUSED_MS
      const busySince = (await hasTraffic(account)) ? (standing.busySince ?? now) : undefined
      const isForLong = busySince !== undefined && now - busySince >= BUSY_FOR_AT_MOST_MS
      if (busySince === undefined || isForLong) {
        delete standing.busySince
        return 0
      }
      standing.busySince = busySince
      return BUSY_MS
    },
    troubled(account, error) {
      const standing = standingOf(account)
      const wait = TROUBLE_MS[standing.troubles] ?? LONGEST_MS
      const wished = error instanceof RateLimitedError ? error.waitMs : 0
      standing.troubles += 1
      standing.quietUntil = clock.now() + Math.max(wait, wished)
    },
    answered(account) {
      standingOf(account).troubles = 0
    },
  }
}
