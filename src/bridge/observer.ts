import type { Account } from '../accounts/account.ts'
import type { Direction } from '../queue/entry.ts'
import type { TurnOptions } from '../queue/turn.ts'
import type { IntakeOptions } from './intake/intake.ts'

/** Told what happens, for log and metrics. Gets ids and kinds only, never what a message says. */
export type Observer = {
  onMessage: (message: {
    account: Account
    direction: 'in' | 'out'
    kind: string
    result: string
  }) => void
  /** An entry left its lane, `seconds` after it was accepted. */
  onHandled: (direction: Direction, seconds: number) => void
  onAttemptFailed: TurnOptions['onAttemptFailed']
  onUnknown: (account: Account, event: string, reason: string) => void
  onSessionStatus: (account: Account, status: string) => void
  /** A typing mark could not be sent: of no consequence. */
  onTypingFailed: (account: Account, error: unknown) => void
  /** Chatwoot could not be asked for messages whose webhook was lost; it is asked again later. */
  onCatchUpFailed: (account: Account, error: unknown) => void
  /** Messages whose webhook was lost were found and queued. */
  onCaughtUp: (account: Account, count: number) => void
  /** The first entry of a lane was written by a newer release, and waits for it with all behind it. */
  onNewer: TurnOptions['onNewer']
  /** Webhooks wait on disk since Redis is away, or all of them are in their lanes now. */
  onSpool: IntakeOptions['onSpool']
  onWorkerError: (error: unknown) => void
  /** The clock went ahead by so many ms, or back when negative. */
  onClockJump?: (ms: number) => void
  /** Something waited for a moment that was set while the clock was ahead. */
  onClockWasAhead?: () => void
}
