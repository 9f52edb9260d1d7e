import type { Account } from '../../accounts/account.ts'
import { readIncoming } from '../../content/message/incoming.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { OwnIdentity } from '../../people/own.ts'
import type { People } from '../../people/people.ts'
import type { Settle } from '../../people/resolve-chat.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { Unread } from './after-post.ts'
import type { Later } from './deferred.ts'
import type { CarryResult, InboundResult } from './handle-message.ts'
import type { Carried, InEvent, ShownEvent } from './inbound-events.ts'
import type { KnownNames } from './known-names.ts'
import { handleContact, handleGroup, type Profiles } from './profiles.ts'
import { handleSeen } from './seen.ts'
import { undecryptedNote } from './undecrypted.ts'

export type HandleInboundDeps = {
  carry: (account: Account, entry: Entry, carried: Carried) => Promise<CarryResult>
  later: Later
  profiles: Profiles
  people: People
  own: OwnIdentity
  conversations: Conversations
  settle: Settle
  names: KnownNames
  unread: Unread
  onResult: (account: Account, kind: string, result: InboundResult) => void
}

/** An entry of an `in` lane while it is its turn. */
type Turn = { account: Account; entry: Entry; lane: Lane }
type HandlerOf<T extends InEvent['type']> = (
  turn: Turn,
  event: Extract<InEvent, { type: T }>,
) => Promise<void>

/** Handles what waits in an `in` lane: messages on their way to Chatwoot, and what happens around them. */
export function createHandleInbound(deps: HandleInboundDeps) {
  async function carryOne({ account, entry }: Turn, carried: Carried): Promise<void> {
    const result = await deps.carry(account, entry, carried)
    const { kind } = carried.incoming.message.content
    if (result === 'self') deps.onResult(account, 'self', 'ignored')
    else if (result !== 'held') deps.onResult(account, kind, result)
  }

  async function show(turn: Turn, event: ShownEvent, isOrphan = false): Promise<void> {
    const read = readIncoming(event, turn.entry.receivedAt)
    if (read === undefined) return
    if ('incoming' in read) return carryOne(turn, { incoming: read.incoming, event, isOrphan })
    deps.onResult(turn.account, read.ignore, 'ignored')
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
      await handleGroup(turn.account, event, deps)
      return show(turn, event)
    },
    orphan: (turn, { event }) => show(turn, event, true),
    undecrypted: (turn, { event }) => {
      const incoming = undecryptedNote(event)
      return carryOne(turn, { incoming, event, isOrphan: false })
    },
    seen: ({ account, entry }, event) => handleSeen(account, entry, event, deps),
    contacts: ({ account }, event) => handleContact(account, event, deps),
    profile: ({ account, entry }, event) => deps.profiles.handle(account, entry, event),
    later: ({ account, entry, lane }, event) => deps.later.handle(account, entry, lane, event),
  }

  return (account: Account, entry: Entry, lane: Lane, event: InEvent): Promise<void> => {
    const handler = HANDLERS[event.type] as HandlerOf<typeof event.type>
    return handler({ account, entry, lane }, event as never)
  }
}
