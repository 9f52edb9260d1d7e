import type { Account } from '../../account.ts'
import { readIncoming } from '../../message/incoming.ts'
import type { Entry, Lane } from '../lanes/lanes.ts'
import type { Handled } from '../lanes/turn.ts'
import type { Carried, CarryResult, InboundResult } from './carry.ts'
import type { ContactEvents } from './contact-events.ts'
import type { InEvent, SeenEvent, ShownEvent } from './inbound-events.ts'
import type { Later } from './later.ts'
import type { Profiles } from './profiles.ts'
import { undecryptedNote } from './undecrypted.ts'

export type HandleInboundDeps = {
  carry: (account: Account, entry: Entry, carried: Carried) => Promise<CarryResult>
  later: Later
  profiles: Profiles
  contactEvents: ContactEvents
  seen: (account: Account, entry: Entry, event: SeenEvent) => Promise<Handled>
  onResult: (account: Account, kind: string, result: InboundResult) => void
}

/** An entry of an `in` lane while it is its turn. */
type Turn = { account: Account; entry: Entry; lane: Lane }
type HandlerOf<T extends InEvent['type']> = (
  turn: Turn,
  event: Extract<InEvent, { type: T }>,
) => Promise<Handled>

/** Handles what waits in an `in` lane: messages on their way to Chatwoot, and what happens around them. */
export function createHandleInbound(deps: HandleInboundDeps) {
  async function carryOne({ account, entry }: Turn, carried: Carried): Promise<Handled> {
    const result = await deps.carry(account, entry, carried)
    if (typeof result === 'object') return result
    const { kind } = carried.incoming.message.content
    if (result === 'self') deps.onResult(account, 'self', 'ignored')
    else if (result !== 'held') deps.onResult(account, kind, result)
    return 'done'
  }

  async function show(turn: Turn, event: ShownEvent, isOrphan = false): Promise<Handled> {
    const read = readIncoming(event, turn.entry.receivedAt)
    if (read === undefined) return 'done'
    if ('incoming' in read) return carryOne(turn, { incoming: read.incoming, event, isOrphan })
    deps.onResult(turn.account, read.ignore, 'ignored')
    return 'done'
  }

  const shown = (turn: Turn, event: ShownEvent) => show(turn, event)

  const HANDLERS: { [T in InEvent['type']]: HandlerOf<T> } = {
    message: shown,
    sent: shown,
    edited: shown,
    revoked: shown,
    reaction: shown,
    'poll-result': shown,
    call: shown,
    participants: shown,
    async groups(turn, event) {
      await deps.contactEvents.group(turn.account, event)
      return show(turn, event)
    },
    orphan: (turn, { event }) => show(turn, event, true),
    undecrypted: (turn, { event }) => {
      const incoming = undecryptedNote(event)
      return carryOne(turn, { incoming, event, isOrphan: false })
    },
    seen: ({ account, entry }, event) => deps.seen(account, entry, event),
    contacts: ({ account }, event) => deps.contactEvents.contact(account, event),
    profile: ({ account, entry }, event) => deps.profiles.handle(account, entry, event),
    later: ({ account, entry, lane }, event) => deps.later.handle(account, entry, lane, event),
  }

  return (account: Account, entry: Entry, lane: Lane, event: InEvent): Promise<Handled> => {
    const handler = HANDLERS[event.type] as HandlerOf<typeof event.type>
    return handler({ account, entry, lane }, event as never)
  }
}
