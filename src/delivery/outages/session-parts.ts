import type { Redis } from 'ioredis'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { AccountId } from '../../ids.ts'
import type { Dispatch } from '../dispatch.ts'
import type { Pace } from '../outbound/pace.ts'
import { createSessionGate, type SessionGateTiming } from './session-gate.ts'
import { createSessionPauses } from './session-pauses.ts'
import { createSessionProtection } from './session-protection.ts'
import { createWaitingNotes } from './waiting-notes.ts'

export type SessionTiming = SessionGateTiming & {
  /** An outage that is over sooner is not told to agents. */
  calmMs: number
}

const TIMING: SessionTiming = { askEveryMs: 60_000, askFirstMs: 5_000, calmMs: 10_000 }

/** Everything about the state of the accounts' WhatsApp sessions, put together. */
export function createSessionParts(options: {
  redis: Redis
  prefix: string
  accounts: ReadonlyMap<AccountId, Account>
  clock: Clock
  dispatch: Dispatch
  pace: Pace
  timing?: Partial<SessionTiming> | undefined
  onError: (error: unknown) => void
}) {
  const { redis, prefix, accounts, pace, onError } = options
  const timing = { ...TIMING, ...options.timing }
  const gate = createSessionGate({ redis, prefix, timing })
  return {
    calmMs: timing.calmMs,
    sessionGate: gate,
    sessionPauses: createSessionPauses({ ...options, gate, calmMs: timing.calmMs }),
    waitingNotes: createWaitingNotes({ gate }),
    sessionProtection: createSessionProtection({ accounts: accounts.values(), pace, onError }),
  }
}
