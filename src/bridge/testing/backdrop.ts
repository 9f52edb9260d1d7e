import type { MessageId } from '../../kernel/ids.ts'
import type { MessageEvent } from '../../platforms/chatwoot/events.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { Lane, NewEntry } from '../../queue/entry.ts'
import type { Dispatch } from '../../queue/queue.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { Checkpoint } from '../catch-up/checkpoint.ts'
import { createGaps } from '../catch-up/find-missed.ts'
import type { Journal } from '../sends/journal.ts'
import { agentMessage, conversation, createFakeChatwoot, NOW } from './fake-chatwoot.ts'

export { MINUTE, NOW } from './fake-chatwoot.ts'

/** A Chatwoot with one conversation and a bridge that remembers in plain maps; for unit tests. */
export function createBackdrop() {
  let now = NOW
  const { thread, ...chatwoot } = createFakeChatwoot()
  const waiting = new Set<number>()
  const elsewhere = new Set<number>()
  const sent = new Map<number, Partial<OutboundLink>[]>()
  const posted: NewEntry[] = []
  const lane: Lane = { direction: 'out', account: chatwoot.account.id, key: 'pn:1' }

  const dispatch: Pick<Dispatch, 'post'> = {
    async post(entries) {
      for (const { order } of entries) waiting.add(order)
      posted.push(...entries)
    },
  }
  const add = (id: number, given: Partial<Message> = {}) =>
    void thread.push(agentMessage(id, { createdAt: now, ...given }))

  return {
    ...chatwoot,
    conversation,
    /** What Chatwoot has. */
    messages: thread as readonly Message[],
    lane,
    posted,
    checkpoint: createFakeCheckpoint(),
    gaps: createGaps(),
    dispatch: dispatch as Dispatch,
    clock: { now: () => now },
    journal: {
      ofMessage: async (_account: unknown, id: number) => sent.get(id) ?? [],
    } as unknown as Journal,
    places: {
      isTaken: async (_lane: unknown, order: number) => waiting.has(order),
      isTakenAnywhere: async (_account: unknown, order: number) => elsewhere.has(order),
    },
    add,
    /** An agent writes; the webhook is another matter. */
    write: (...ids: number[]) => ids.forEach((id) => void add(id)),
    /** Its webhook came. */
    arrive: (...ids: number[]) => ids.forEach((id) => void waiting.add(id)),
    /** Its webhook came when the chat had another lane. */
    arriveElsewhere: (...ids: number[]) => ids.forEach((id) => void elsewhere.add(id)),
    /** The journal has it. */
    send: (...ids: number[]) => ids.forEach((id) => void sent.set(id, [{ state: 'accepted' }])),
    /** The journal has it with these parts. */
    keep: (id: number, ...parts: Partial<OutboundLink>[]) => void sent.set(id, parts),
    wait: (ms: number) => {
      now += ms
    },
    event: (id: number): MessageEvent => ({
      ...agentMessage(id),
      type: 'message',
      action: 'created',
      conversation,
    }),
  }
}

function createFakeCheckpoint(): Checkpoint {
  const covered = new Map<string, number>()
  let swept: number | undefined
  return {
    get: async (id, of) => covered.get(`${id}:${of}`) as MessageId | undefined,
    set: async (id, of, upTo) => void covered.set(`${id}:${of}`, upTo),
    sweptAt: async () => swept,
    swept: async (_id, at) => {
      swept = at
    },
  }
}
