import type { Account } from '../../accounts/account.ts'
import { createLimits, type Limits } from '../../accounts/limits.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Dispatch } from '../../queue/queue.ts'
import type { RedisState } from '../../state/redis/memory.ts'
import type { Pace } from '../outbound/pace.ts'
import {
  createSessionGate,
  createSessionPauses,
  type SessionGate,
  type SessionGateTiming,
  type SessionPauses,
} from './session-pauses.ts'
import { createSessionProtection, type SessionProtection } from './session-protection.ts'

export type SessionTiming = SessionGateTiming & {
  /** An outage that is over sooner is not told to agents. */
  debounceMs: number
}

const TIMING: SessionTiming = { askEveryMs: 60_000, askFirstMs: 5_000, debounceMs: 10_000 }

/** What keeps the messages of an account from going out: its WhatsApp session, and the limits WhatsApp has put on it. */
export type Holds = {
  sessionGate: SessionGate
  sessionPauses: SessionPauses
  sessionProtection: SessionProtection
  limits: Limits
  /** How long a state of the session has to last to be told. */
  debounceMs: number
}

export function createHolds(deps: {
  state: RedisState
  accounts: ReadonlyMap<AccountId, Account>
  dispatch: Dispatch
  pace: Pace
  clock: Clock
  timing?: Partial<SessionTiming> | undefined
  onError: (error: unknown) => void
}): Holds {
  const { accounts, dispatch, pace, clock, onError } = deps
  const { redis, prefix } = deps.state
  const timing = { ...TIMING, ...deps.timing }
  const { debounceMs } = timing
  const sessionGate = createSessionGate({ redis, prefix, timing })
  return {
    sessionGate,
    sessionPauses: createSessionPauses({ gate: sessionGate, clock, dispatch, debounceMs }),
    sessionProtection: createSessionProtection({ accounts: accounts.values(), pace, onError }),
    limits: createLimits({ redis, prefix, clock }),
    debounceMs,
  }
}
