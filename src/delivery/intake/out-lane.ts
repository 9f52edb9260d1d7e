import type { ConversationRef } from '../../chatwoot/shapes/conversation.ts'
import type { Conversations } from '../../identity/conversations.ts'
import type { AccountId } from '../../ids.ts'
import { type Lane, type Lanes, laneName } from '../lanes/lanes.ts'

/** The lane of what agents write in a conversation. `ahead`: names of lanes that something before it is about to enter. */
export type OutLane = (
  account: AccountId,
  conversation: ConversationRef,
  ahead?: ReadonlySet<string>,
) => Promise<Lane>

/**
 * The lane of the chat. An agent's first message to somebody waits under its conversation, since the chat is not known
 * before it was looked up; what follows stays behind it until that lane is empty.
 */
export function createOutLane(deps: {
  conversations: Conversations
  lanes: Pick<Lanes, 'size'>
}): OutLane {
  return async (account, conversation, ahead) => {
    const lane = (key: string): Lane => ({ direction: 'out', account, key })
    const first = lane(`conversation:${conversation.id}`)
    const chat = await deps.conversations.byConversation(account, conversation)
    if (chat === undefined || ahead?.has(laneName(first))) return first
    if ((await deps.lanes.size(first)) > 0) return first
    return lane(chat.chat)
  }
}
