import type { Account } from '../account.ts'
import { PermanentError } from '../errors.ts'
import type { Operator } from '../session/operator/operator.ts'
import { isOperatorConversation } from '../session/operator/operator-address.ts'
import { createHandleInbound, type InboundDeps } from './inbound/handle-inbound.ts'
import type { IntakeOptions } from './intake/intake.ts'
import type { Direction, Entry, Lane } from './lanes/lanes.ts'
import type { LastDelivered } from './lanes/last-delivered.ts'
import type { Handle, TurnOptions } from './lanes/turn.ts'
import { holdForChatwoot } from './outages/hold-for-chatwoot.ts'
import { holdForSession } from './outages/hold-for-session.ts'
import type { SessionPauses } from './outages/session-pauses.ts'
import { createHandleOutbound, type OutboundDeps } from './outbound/handle-outbound.ts'
import { createHandleStatus, type StatusDeps } from './outcome/handle-status.ts'
import { readInEvent, readOutEvent, readStatusEvent } from './stored-events.ts'

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
  /** The first entry of a lane was written by a newer release, and waits for it with all behind it. */
  onNewer: TurnOptions['onNewer']
  onSpool: IntakeOptions['onSpool']
  onWorkerError: (error: unknown) => void
  /** The clock went ahead by so many ms, or back when negative. */
  onClockJump?: (ms: number) => void
  /** Something waited for a moment that was set while the clock was ahead. */
  onClockWasAhead?: () => void
}

export type HandlerDeps = Omit<InboundDeps, 'onResult'> &
  Omit<OutboundDeps, 'onResult'> &
  StatusDeps & {
    observer: Observer
    sessionPauses: SessionPauses
    operator: Pick<Operator, 'handle' | 'answer'>
    lastDelivered: Pick<LastDelivered, 'note'>
  }

/** One handler per direction. */
export function createHandlers(
  deps: HandlerDeps,
  accountOf: (lane: Lane) => Account,
): Record<Direction, Handle> {
  const { observer } = deps
  const inbound = createHandleInbound({
    ...deps,
    onResult(account, kind, result) {
      if (result === 'delivered') deps.lastDelivered.note(account.id, 'in')
      observer.onMessage({ account, direction: 'in', kind, result })
    },
  })
  const outbound = createHandleOutbound({
    ...deps,
    onResult(account, kind, result) {
      if (result === 'accepted') deps.lastDelivered.note(account.id, 'out')
      observer.onMessage({ account, direction: 'out', kind, result })
    },
  })
  const status = createHandleStatus(deps)

  /** What is written to the bridge itself needs no session: most of it is about one that is down. */
  const unlessOperators =
    (handle: Handle): Handle =>
    async (entry, lane) => {
      const account = accountOf(lane)
      const event = readable(readOutEvent(entry.event), lane)
      return isOperatorConversation(account, event.conversation)
        ? deps.operator.answer(account, entry, event)
        : handle(entry, lane)
    }

  const timed =
    (direction: Direction, handle: Handle): Handle =>
    async (entry, lane) => {
      const handled = await handle(entry, lane)
      if (handled === 'done') {
        observer.onHandled(direction, Math.max(0, deps.clock.now() - entry.receivedAt) / 1000)
      }
      return handled
    }
  return {
    in: timed(
      'in',
      holdForChatwoot(
        (entry: Entry, lane) =>
          inbound(accountOf(lane), entry, lane, readable(readInEvent(entry.event), lane)),
        { ...deps, accountOf },
      ),
    ),
    out: timed(
      'out',
      unlessOperators(
        holdForSession(
          (entry: Entry, lane) =>
            outbound(accountOf(lane), entry, lane, readable(readOutEvent(entry.event), lane)),
          { ...deps, accountOf },
        ),
      ),
    ),
    status: timed(
      'status',
      holdForChatwoot(
        (entry: Entry, lane) =>
          status(accountOf(lane), entry, readable(readStatusEvent(entry.event), lane)),
        { ...deps, accountOf },
      ),
    ),
  }
}

/** Written by an earlier release, or damaged: what waits is not taken for what it should be. */
function readable<Event>(event: Event | undefined, { account, direction }: Lane): Event {
  if (event !== undefined) return event
  throw new PermanentError(
    `Something that waited (account ${account}, ${direction}) is nothing this release knows. It is kept as it is.`,
    { code: 'bridge.entry_unreadable', context: { account, direction } },
  )
}
