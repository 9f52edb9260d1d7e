import { describe, expect, it } from 'vitest'
import type { ConversationRef } from '../../chatwoot/shapes/conversation.ts'
import type { Conversations } from '../../identity/conversations.ts'
import { aliasesOf, type People, type Who } from '../../identity/people.ts'
import type { AccountId, ChatId } from '../../ids.ts'
import type { Chat } from '../../store/types.ts'
import { laneName } from '../lanes/lanes.ts'
import { type Arrival, createPlaceArrival } from './place-arrival.ts'

const account = 'sales' as AccountId
const LID: Who = { address: { kind: 'lid', id: '189975000000001' }, lid: '189975000000001' }
const BOTH: Who = { ...LID, phone: '15550001111' }
const LID_LANE = 'in:sales:lid:189975000000001'
const PHONE_LANE = 'in:sales:pn:15550001111'

function fromWasender(who: Who): Arrival {
  const route = { to: 'chat', who, order: 1, event: { type: 'seen', who } } as const
  return { from: 'wasender', account, receivedAt: 1, route }
}

function fromAgent(id: number): Arrival {
  const conversation = { id: 7, sourceId: null } as unknown as ConversationRef
  const event = { type: 'message', action: 'created', id, conversation, contentAttributes: {} }
  return { from: 'chatwoot', account, receivedAt: 1, event: event as never }
}

/** Nobody is known; `sizes` are the lanes that hold something. */
function setUp(sizes: Record<string, number>, chat?: Pick<Chat, 'chat'>) {
  const people: People = {
    resolve: async (_account, who) => aliasesOf(who)[0] as ChatId,
    find: async () => undefined,
  }
  return createPlaceArrival({
    people,
    conversations: { byConversation: async () => chat } as unknown as Conversations,
    lanes: { size: async (lane) => sizes[laneName(lane)] ?? 0 },
  })
}

describe('the lane of somebody', () => {
  it.each([
    ['by number once it is known', BOTH, {}, [], PHONE_LANE],
    ['by LID while nothing else is known', LID, {}, [], LID_LANE],
    ['behind what waits under the LID', BOTH, { [LID_LANE]: 1 }, [], LID_LANE],
    ['behind what is about to wait under the LID', BOTH, {}, [LID_LANE], LID_LANE],
    [
      'apart from what waits under the LID of somebody else',
      BOTH,
      {},
      ['in:sales:lid:1'],
      PHONE_LANE,
    ],
  ] as const)('%s', async (_case, who, sizes, ahead, expected) => {
    const entry = await setUp(sizes)(fromWasender(who), new Set(ahead))
    expect(entry && laneName(entry.lane)).toBe(expected)
  })
})

describe('the lane of an agent message', () => {
  const FIRST = 'out:sales:conversation:7'
  const chat = { chat: 'pn:15550001111' as ChatId }

  it.each([
    ['of the chat', chat, {}, [], 'out:sales:pn:15550001111'],
    ['of the conversation while the chat is unknown', undefined, {}, [], FIRST],
    ['behind the first ones of the conversation', chat, { [FIRST]: 1 }, [], FIRST],
    ['behind those that are about to be there', chat, {}, [FIRST], FIRST],
  ] as const)('is that %s', async (_case, known, sizes, ahead, expected) => {
    const entry = await setUp(sizes, known)(fromAgent(3), new Set(ahead))
    expect(entry && laneName(entry.lane)).toBe(expected)
  })
})
