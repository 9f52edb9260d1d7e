import type { Account } from './accounts/account.ts'
import { holdForChatwoot, holdForSession } from './bridge/holds/hold.ts'
import type { Holds } from './bridge/holds/holds.ts'
import type { Inbound } from './bridge/inbound/inbound.ts'
import type { Observer } from './bridge/observer.ts'
import { isOperatorConversation } from './bridge/operator-address.ts'
import type { Outbound } from './bridge/outbound/outbound.ts'
import type { ReadReceipts } from './bridge/outbound/read-receipts.ts'
import { createHandleStatus } from './bridge/sends/handle-status.ts'
import type { Sends } from './bridge/sends/sends.ts'
import { readInEvent, readOutEvent, readStatusEvent } from './bridge/stored-events.ts'
import type { Clock } from './kernel/clock.ts'
import { ConfigError, PermanentError } from './kernel/errors.ts'
import type { AccountId } from './kernel/ids.ts'
import type { Operator } from './operators/conversation/operator.ts'
import type { Identity } from './people/identity.ts'
import type { Direction, Lane } from './queue/entry.ts'
import type { Handle } from './queue/turn.ts'

export type HandlersDeps = {
  accountOf: (lane: Pick<Lane, 'account'>) => Account
  inbound: Inbound
  outbound: Outbound
  readReceipts: ReadReceipts
  operator: Operator
  identity: Identity
  sends: Sends
  holds: Holds
  clock: Clock
  observer: Pick<Observer, 'onHandled'>
}

/** One handler per direction: what a lane holds is read, held back while it cannot get across, and handled. */
export function createHandlers(deps: HandlersDeps): Record<Direction, Handle> {
  const { accountOf, inbound, outbound, operator, clock, observer } = deps
  const { sessionPauses } = deps.holds
  const { journal } = deps.sends
  const status = createStatus(deps)

  /** What is written to the bridge itself needs no session: most of it is about one that is down. */
  const unlessOperators =
    (handle: Handle): Handle =>
    async (entry, lane) => {
      const account = accountOf(lane)
      const event = readable(readOutEvent(entry.event), lane)
      return isOperatorConversation(account, event.conversation)
        ? operator.answer(account, entry, event)
        : handle(entry, lane)
    }

  const timed =
    (direction: Direction, handle: Handle): Handle =>
    async (entry, lane) => {
      await handle(entry, lane)
      observer.onHandled(direction, Math.max(0, clock.now() - entry.receivedAt) / 1000)
    }

  const handleIn: Handle = (entry, lane) =>
    inbound(accountOf(lane), entry, lane, readable(readInEvent(entry.event), lane))
  const handleOut: Handle = (entry, lane) =>
    outbound(accountOf(lane), entry, lane, readable(readOutEvent(entry.event), lane))
  const handleStatus: Handle = (entry, lane) =>
    status(accountOf(lane), entry, readable(readStatusEvent(entry.event), lane))

  const session = { sessionPauses, journal, clock, accountOf }
  return {
    in: timed('in', holdForChatwoot(handleIn, { accountOf, clock })),
    out: timed('out', unlessOperators(holdForSession(handleOut, session))),
    status: timed('status', holdForChatwoot(handleStatus, { accountOf, clock })),
  }
}

/** A status lane holds what becomes of sends, and what is told to agents on other grounds. */
function createStatus({ readReceipts, operator, identity, sends, holds, clock }: HandlersDeps) {
  return createHandleStatus({
    receipts: sends.receipts,
    journal: sends.journal,
    failureGuesses: sends.failureGuesses,
    unnamedFailures: sends.unnamedFailures,
    sendElsewhere: sends.sendElsewhere,
    people: identity.people,
    own: identity.own,
    conversations: identity.conversations,
    sessionGate: holds.sessionGate,
    limits: holds.limits,
    readReceipts,
    operator,
    clock,
  })
}

/** Whose a lane is. */
export function createAccountOf(accounts: ReadonlyMap<AccountId, Account>) {
  return ({ account: id }: Pick<Lane, 'account'>): Account => {
    const account = accounts.get(id)
    if (account !== undefined) return account
    throw new ConfigError(
      `Account ${id} has messages waiting but is not in the configuration. Put it back, or discard them.`,
      { code: 'bridge.account_missing', context: { account: id } },
    )
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
