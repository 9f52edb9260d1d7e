import type { Account } from '../../accounts/account.ts'
import type { AccountId, ConversationId, MessageId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import { aliasesOf, type People } from '../../people/people.ts'
import { isDeleted, type MessageEvent } from '../../platforms/chatwoot/events.ts'
import type { ConversationRef } from '../../platforms/chatwoot/shapes/message.ts'
import type { Who } from '../../platforms/wasender/jid.ts'
import { type Lane, laneName, type NewEntry } from '../../queue/entry.ts'
import type { Lanes } from '../../queue/lanes.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory, type RedisState } from '../../state/redis/memory.ts'

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

/**
 * Chatwoot's webhooks overtake each other by a few jobs (docs/platforms/chatwoot.md#delivery). A message waits this
 * long, so that an earlier one which is still on its way goes first; message ids tell the order.
 */
const SETTLE_MS = 250

/**
 * A deletion goes before the message it belongs to, should that still be waiting, and behind everything older. Ids are
 * integers, so there is room.
 */
const BEFORE_ITSELF = 0.5

/** Where the deletion of a message stands. */
export function deletionOrder(id: MessageId): number {
  return id - BEFORE_ITSELF
}

/** Where in its lane something stands that happened to an agent's message. */
export function placeOf(event: MessageEvent): Pick<NewEntry, 'order' | 'delayMs' | 'urgent'> {
  return isDeleted(event)
    ? { order: deletionOrder(event.id), urgent: true }
    : { order: event.id, delayMs: SETTLE_MS }
}

/** By its key the lane that a conversation's messages were last put into. */
export type LastLanes = {
  get(account: AccountId, conversation: ConversationId): Promise<LastLane | undefined>
  put(account: AccountId, conversation: ConversationId, key: string): Promise<void>
}

type LastLane = {
  key: string
  /** It will be forgotten before long. */
  isOld: boolean
}

export function createLastLanes(state: RedisState): LastLanes {
  const lastLanes = createMemory(state, MEMORIES.lastLanes)
  const halfMs = MEMORIES.lastLanes.keepForMs / 2

  return {
    async get(account, conversation) {
      const last = lastLanes(account, conversation)
      const [key, leftMs] = await Promise.all([last.get(), last.leftMs()])
      return key === undefined ? undefined : { key, isOld: leftMs < halfMs }
    },
    put: (account, conversation, key) => lastLanes(account, conversation).set(key),
  }
}

/** The lane of someone's chat. */
export type LaneKeys = (account: Pick<Account, 'id'>, who: Who) => Promise<string>

/** A chat keeps its order only if every address of a person leads to the same lane. */
export function createLaneKeys(people: People): LaneKeys {
  return async (account, given) => {
    const who = people.apart(account.id, given)
    // A LID alone is not learned yet: the worker first asks WasenderAPI for its number.
    const isBareLid = who.lid !== undefined && who.phone === undefined
    if (!isBareLid) return people.resolve(account.id, who)
    return (await people.find(account.id, who)) ?? (aliasesOf(who)[0] as string)
  }
}
