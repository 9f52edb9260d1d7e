import type { Clock } from '../kernel/clock.ts'
import type { Store } from '../state/store/types.ts'
import { type Conversations, createConversations } from './conversations.ts'
import type { OpenLids } from './open-lids.ts'
import { createOwnIdentity, type OwnIdentity } from './own.ts'
import { createPeople, type People } from './people.ts'
import { createResolveChat, type ResolveChat } from './resolve-chat.ts'
import { createUnlearnOwn } from './unlearn-own.ts'

/** Who somebody is: addresses on WhatsApp, and the contact and conversation in Chatwoot. */
export type Identity = {
  /** Ourselves on WhatsApp. */
  own: OwnIdentity
  people: People
  conversations: Conversations
  resolveChat: ResolveChat
  /** Who is known by LID only. Fed by the store. */
  openLids: OpenLids
}

export function createIdentity(deps: { store: Store; openLids: OpenLids; clock: Clock }): Identity {
  const { store, openLids, clock } = deps
  const own = createOwnIdentity({ clock, onKnown: createUnlearnOwn({ store, clock }) })
  const people = createPeople({ store, clock, own })
  return {
    own,
    people,
    conversations: createConversations({ store, clock }),
    resolveChat: createResolveChat({ people, store, clock }),
    openLids,
  }
}
