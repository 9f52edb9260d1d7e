import type { Account } from '../account.ts'
import type { InEvent, OutEvent, StatusLaneEvent } from './events.ts'
import { createHandleInbound, type InboundDeps } from './handle-inbound.ts'
import { createHandleOutbound, type OutboundDeps } from './handle-outbound.ts'
import { createHandleStatus } from './handle-status.ts'
import type { Direction, Entry, Lane } from './lanes.ts'
import type { Handle, TurnOptions } from './turn.ts'

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
  onWorkerError: (error: unknown) => void
}

export type HandlerDeps = Omit<InboundDeps, 'onResult'> &
  Omit<OutboundDeps, 'onResult'> & { observer: Observer }

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
    in: timed('in', (entry: Entry, lane) =>
      inbound(accountOf(lane), entry, entry.event as InEvent),
    ),
    out: timed('out', (entry: Entry, lane) =>
      outbound(accountOf(lane), entry, entry.event as OutEvent),
    ),
    status: timed('status', (entry: Entry, lane) =>
      status(accountOf(lane), entry.event as StatusLaneEvent),
    ),
  }
}
