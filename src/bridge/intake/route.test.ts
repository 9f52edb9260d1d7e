import { describe, expect, it } from 'vitest'
import type { AccountId, ChatId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import { aliasesOf, type People } from '../../people/people.ts'
import type { ConversationRef } from '../../platforms/chatwoot/shapes/message.ts'
import type { Who } from '../../platforms/wasender/jid.ts'
import { type Lane, laneName } from '../../queue/entry.ts'
import type { Chat } from '../../state/store/types.ts'
import { createOutLane, type LastLanes } from './out-lane.ts'
import { type Arrival, createRouteArrival } from './route.ts'

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
function setUp(sizes: Record<string, number>, chat?: Pick<Chat, 'chat'>, last?: string) {
  const remembered = new Map<unknown, string>(last === undefined ? [] : [[7, last]])
  const lastLanes: LastLanes = {
    get: async (_account, id) => {
      const key = remembered.get(id)
      return key === undefined ? undefined : { key, isOld: false }
    },
    put: async (_account, id, key) => void remembered.set(id, key),
  }
  const people: People = {
    resolve: async (_account, who) => aliasesOf(who)[0] as ChatId,
    find: async () => undefined,
    apart: (_account: AccountId, who: Who) => who,
  }
  const lanes = { size: async (lane: Lane) => sizes[laneName(lane)] ?? 0 }
  const conversations = { byConversation: async () => chat } as unknown as Conversations
  const outLane = createOutLane({ conversations, lanes, lastLanes })
  return createRouteArrival({
    people,
    conversations,
    lanes,
    outLane,
    deletedContacts: { add: async () => {} },
    reorderWindow: { waitFor: () => 700 },
    clock: { now: () => 10_000 },
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

describe('the wait for what was written before', () => {
  const placed = (route: object) => {
    const arrival = fromWasender(BOTH) as Extract<Arrival, { from: 'wasender' }>
    return setUp({})({ ...arrival, route: { ...arrival.route, ...route } }, new Set())
  }

  it('counts from now, also for what has waited in the spool', async () => {
    expect(await placed({ at: 5_000 })).toMatchObject({ receivedAt: 1, delayMs: 9_999 + 700 })
  })

  it('is not for what does not say when it was', async () => {
    expect(await placed({})).not.toHaveProperty('settleMs')
  })
})

describe('the lane of an agent message', () => {
  const FIRST = 'out:sales:conversation:7'
  const LID = 'out:sales:lid:189975000000001'
  const PHONE = 'out:sales:pn:15550001111'
  const known = { chat: 'pn:15550001111' as ChatId }
  const byLid = 'lid:189975000000001'

  it.each([
    ['of the chat', known, undefined, {}, [], PHONE],
    ['of the conversation while the chat is unknown', undefined, undefined, {}, [], FIRST],
    ['behind the first ones of the conversation', known, undefined, { [FIRST]: 1 }, [], FIRST],
    ['behind those that are about to be there', known, undefined, {}, [FIRST], FIRST],
    [
      'the one it had under another name, while that holds something',
      known,
      byLid,
      { [LID]: 1 },
      [],
      LID,
    ],
    [
      'the same while others wait in the lane of the new name',
      known,
      byLid,
      { [LID]: 1, [PHONE]: 1 },
      [],
      LID,
    ],
    ['the same when something is about to be there', known, byLid, {}, [LID], LID],
    ['that of the new name once the other one is empty', known, byLid, { [PHONE]: 1 }, [], PHONE],
    ['the one it had when no chat names it any more', undefined, byLid, { [LID]: 1 }, [], LID],
  ] as const)('is that %s', async (_case, chat, last, sizes, ahead, expected) => {
    const entry = await setUp(sizes, chat, last)(fromAgent(3), new Set(ahead))
    expect(entry && laneName(entry.lane)).toBe(expected)
  })

  it('stays the same in spite of a new name, until nothing waits there', async () => {
    const sizes: Record<string, number> = {}
    const chat = { chat: byLid as ChatId }
    const place = setUp(sizes, chat)
    const laneOf = async (id: number) => {
      const entry = await place(fromAgent(id), new Set())
      return entry && laneName(entry.lane)
    }
    expect(await laneOf(3)).toBe(LID)
    sizes[LID] = 1
    chat.chat = known.chat
    expect(await laneOf(4)).toBe(LID)
    sizes[LID] = 0
    expect(await laneOf(5)).toBe(PHONE)
    // A dead letter that is put back there is no reason to leave again.
    sizes[LID] = 1
    expect(await laneOf(6)).toBe(PHONE)
  })
})
