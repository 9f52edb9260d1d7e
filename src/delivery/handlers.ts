import type { Account } from '../account.ts'
import type { Operator } from '../session/operator/operator.ts'
import { isOperatorConversation } from '../session/operator/operator-address.ts'
import type { OutEvent, StatusLaneEvent } from './events.ts'
import { createHandleInbound, type InboundDeps } from './inbound/handle-inbound.ts'
import type { InEvent } from './inbound/inbound-events.ts'
import type { IntakeOptions } from './intake/intake.ts'
import type { Direction, Entry, Lane } from './lanes/lanes.ts'
import type { Handle, TurnOptions } from './lanes/turn.ts'
import { holdForChatwoot } from './outages/hold-for-chatwoot.ts'
import { holdForSession } from './outages/hold-for-session.ts'
import type { SessionPauses } from './outages/session-pauses.ts'
import { createHandleOutbound, type OutboundDeps } from './outbound/handle-outbound.ts'
import { createHandleStatus, type StatusDeps } from './outcome/handle-status.ts'

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
  /** Webhooks wait on disk since Redis is away, or all of them are in their lanes now. */
  onSpool: IntakeOptions['onSpool']
  onWorkerError: (error: unknown) => void
}

export type HandlerDeps = Omit<InboundDeps, 'onResult'> &
  Omit<OutboundDeps, 'onResult'> &
  StatusDeps & {
    observer: Observer
    sessionPauses: SessionPauses
    operator: Pick<Operator, 'handle' | 'answer'>
  }

/**
 * One handler per direction. The events come out of the bridge's own lanes, where only ingest puts them, so their
 * types are taken as written.
 */
export function createHandlers(
  deps: HandlerDeps,
  accountOf: (lane: Lane) => Account,
): Record<Direction, Handle> {
  const { observer } = deps
  const inbound = createHandleInbound({
    ...deps,
    onResult: (account, kind, result) =>
      observer.onMessage({ account, direction: 'in', kind, result }),
  })
  const outbound = createHandleOutbound({
    ...deps,
    onResult: (account, kind, result) =>
      observer.onMessage({ account, direction: 'out', kind, result }),
  })
  const status = createHandleStatus(deps)

  /** What is written to the bridge itself needs no session: most of it is about one that is down. */
  const unlessOperators =
    (handle: Handle): Handle =>
    async (entry, lane) => {
      const account = accountOf(lane)
      const event = entry.event as OutEvent
      return isOperatorConversation(account, event.conversation)
        ? deps.operator.answer(account, entry, event)
        : handle(entry, lane)
    }

  const timed =
    (direction: Direction, handle: Handle): Handle =>
    async (entry, lane) => {
      const handled = await handle(entry, lane)
      if (handled === 'done') {
        observer.onHandled(direction, (deps.clock.now() - entry.receivedAt) / 1000)
      }
      return handled
    }
  return {
    in: timed(
      'in',
      holdForChatwoot(
        (entry: Entry, lane) => inbound(accountOf(lane), entry, lane, entry.event as InEvent),
        { ...deps, accountOf },
      ),
    ),
    out: timed(
      'out',
      unlessOperators(
        holdForSession(
          (entry: Entry, lane) => outbound(accountOf(lane), entry, lane, entry.event as OutEvent),
          { ...deps, accountOf },
        ),
      ),
    ),
    status: timed(
      'status',
      holdForChatwoot(
        (entry: Entry, lane) => status(accountOf(lane), entry, entry.event as StatusLaneEvent),
        { ...deps, accountOf },
      ),
    ),
  }
}
