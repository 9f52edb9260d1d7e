import type { ConversationRef } from '../../chatwoot/shapes/conversation.ts'
import type { Conversations } from '../../identity/conversations.ts'
import type { AccountId } from '../../ids.ts'
import { type Lane, type Lanes, laneName } from '../lanes/lanes.ts'
import type { LastLanes } from './last-lanes.ts'

/** The lane of what agents write in a conversation. `ahead`: names of lanes that something before it is about to enter. */
export type OutLane = (
  account: AccountId,
  conversation: ConversationRef,
  ahead?: ReadonlySet<string>,
) => Promise<Lane>

/**
 * The lane of the chat, or of the conversation until the chat is known: an agent's first message to somebody has to be
 * looked up. A chat that becomes known, or one with another, gets another lane; as long as the conversation's last one
 * holds something, whatever follows goes behind it. That lane is written down before anything enters it.
 */
export function createOutLane(deps: {
  conversations: Pick<Conversations, 'byConversation'>
  lanes: Pick<Lanes, 'size'>
  lastLanes: LastLanes
}): OutLane {
  const { conversations, lanes, lastLanes } = deps

  return async (account, conversation, ahead = new Set()) => {
    const holdsSomething = async (key: string) => {
      const lane: Lane = { direction: 'out', account, key }
      return ahead.has(laneName(lane)) || (await lanes.size(lane)) > 0
    }
    const first = `conversation:${conversation.id}`
    const last = await lastLanes.get(account, conversation.id)
    const before = last?.key ?? first
    const now = (await conversations.byConversation(account, conversation))?.chat ?? first
    const key = now !== before && (await holdsSomething(before)) ? before : now
    if (last?.key !== key || last.isOld) await lastLanes.put(account, conversation.id, key)
    return { direction: 'out', account, key }
  }
}
