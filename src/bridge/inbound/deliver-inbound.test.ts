import { describe, expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { textsOf } from '../../content/locale/index.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import { OutcomeUnknownError, PermanentError, TransientError } from '../../kernel/errors.ts'
import {
  type AccountId,
  asId,
  type ChatId,
  type ConversationId,
  type KeyId,
} from '../../kernel/ids.ts'
import type { Conversations, OpenChat } from '../../people/conversations.ts'
import type { NewMessage } from '../../platforms/chatwoot/api/messages.ts'
import { learnedWith } from '../../queue/wait-until.ts'
import type { Journal } from '../sends/journal.ts'
import { agentMessage, createFakeChatwoot, MINUTE, NOW } from '../testing/fake-chatwoot.ts'
import type { Claim } from './dedupe.ts'
import { createDeliverInbound, type Delivery } from './deliver-inbound.ts'

const KEY_ID = asId<KeyId>('3EB0F00D')
const CHAT = asId<ChatId>('pn:15550001111')
const HOUR = 60 * MINUTE
const [OLD, NEW] = [1, 2].map((id) => asId<ConversationId>(id)) as [ConversationId, ConversationId]
const gone = new PermanentError('gone', { code: 'chatwoot.not_found' })

/** The chat's conversation is `NEW`; everything that is listed is in `OLD`. */
function setUp() {
  const { thread, calls, ...chatwoot } = createFakeChatwoot()
  const { messages } = chatwoot.account.chatwoot
  /** What was done, in order. */
  const steps: string[] = []
  let isOldDeleted = false
  let isShut = false
  let failure: Error | undefined
  const account = {
    id: 'sales' as AccountId,
    texts: textsOf('en'),
    chatwoot: {
      messages: {
        page: async (id: ConversationId, window: object) => {
          if (id !== OLD) return { messages: [], size: 0 }
          if (isOldDeleted) throw gone
          return messages.page(id, window)
        },
        create: async (id: ConversationId, { sourceId }: NewMessage) => {
          steps.push(`post ${sourceId} to ${id}`)
          if (failure !== undefined) throw failure
          return agentMessage(9_000)
        },
      },
    },
  } as unknown as Account
  const deliver = createDeliverInbound({
    conversations: {
      get: async () => undefined,
      ensure: async () => {
        if (isShut) throw new TransientError('away', { code: 'chatwoot.unreachable' })
        steps.push('open')
        return { chat: CHAT, conversationId: NEW } as unknown as OpenChat
      },
    } as unknown as Conversations,
    dedupe: { move: async (_claimant, to) => void steps.push(`claim for ${to}`) },
    journal: { byKeyId: async () => undefined } as unknown as Journal,
    inboundMedia: { open: () => Promise.reject(new Error('there is no file')) },
    names: { find: async () => undefined, learn: async () => {} },
    own: { of: async () => ({}) } as never,
  })
  const incoming = {
    id: KEY_ID,
    who: { address: { kind: 'phone', digits: '15550001111' }, phone: '15550001111' },
    fromMe: false,
    message: { content: { kind: 'text', text: 'Hello' } },
  } as unknown as Incoming
  let entry: Delivery['entry'] = { id: '1.1', receivedAt: NOW, event: {}, attempts: 0 }

  return {
    steps,
    calls,
    /** What an earlier attempt or an admin left with the entry. */
    know: (known: Partial<Delivery['entry']>) => {
      entry = { ...entry, ...known }
    },
    failWith: (error: Error) => {
      failure = error
    },
    failToOpen: () => {
      isShut = true
    },
    deleteOld: () => {
      isOldDeleted = true
    },
    /** So many messages, one a minute. */
    passes: (count: number, from = NOW + MINUTE) => {
      for (let n = 0; n < count; n += 1) {
        const id = (thread.at(-1)?.id ?? 0) + 1
        thread.push(agentMessage(id, { createdAt: from + n * MINUTE }))
      }
    },
    /** The attempt that was cut off has succeeded. */
    wasPosted: () => {
      const id = (thread.at(-1)?.id ?? 0) + 1
      thread.push(agentMessage(id, { sourceId: KEY_ID, messageType: 'incoming' }))
      return id
    },
    deliver: (claim: Claim) =>
      deliver(account, {
        incoming,
        age: { isHistory: false },
        shown: 'incoming',
        chat: CHAT,
        who: incoming.who,
        entry,
        claim,
      }),
  }
}

const AGAIN: Claim = { standing: 'again', conversation: OLD }

describe('a message that is tried for the first time', () => {
  it('is posted without a question', async () => {
    const { deliver, steps, calls } = setUp()
    const claim: Claim = { standing: 'mine', conversation: NEW }
    expect(await deliver(claim)).toEqual({ conversation: NEW, messageId: 9_000 })
    expect([steps, calls]).toEqual([['open', `post ${KEY_ID} to 2`], []])
  })

  it.each([undefined, OLD])(
    'is claimed for its conversation first when it was for %s',
    async (conversation) => {
      const { deliver, steps } = setUp()
      const delivered = await deliver({ standing: 'mine', conversation })
      expect(steps).toEqual(['open', 'claim for 2', `post ${KEY_ID} to 2`])
      expect(delivered?.conversation).toBe(NEW)
    },
  )

  it.each([undefined, OLD])(
    'fails with the conversation it was tried in, so that a dead letter knows it, when it was for %s',
    async (conversation) => {
      const { deliver, steps, failWith } = setUp()
      const away = new TransientError('away', { code: 'chatwoot.unreachable' })
      failWith(away)
      const error = await deliver({ standing: 'mine', conversation }).catch((e: unknown) => e)
      expect(learnedWith(error)).toEqual({ cause: away, learned: { triedIn: NEW } })
      expect(steps).toEqual(['open', 'claim for 2', `post ${KEY_ID} to 2`])
    },
  )

  it('knows where it was tried when its answer is lost, and is worth another look', async () => {
    const { deliver, failWith } = setUp()
    failWith(new OutcomeUnknownError('lost', { code: 'chatwoot.lost' }))
    const error = await deliver({ standing: 'mine', conversation: NEW }).catch((e: unknown) => e)
    const { cause, learned } = learnedWith(error)
    expect(cause).toBeInstanceOf(TransientError)
    expect(learned).toEqual({ triedIn: NEW })
  })

  it('counts the failures of its files, one more with each attempt', async () => {
    const { deliver, failWith, know } = setUp()
    failWith(new TransientError('it broke off', { code: 'chatwoot.upload_broke_off' }))
    for (const fileFailures of [1, 2]) {
      const error = await deliver({ standing: 'mine', conversation: NEW }).catch((e: unknown) => e)
      const { learned } = learnedWith(error)
      expect(learned).toEqual({ triedIn: NEW, fileFailures })
      know(learned)
    }
  })

  it('has learned nothing when it fails before anything is written', async () => {
    const { deliver, failToOpen } = setUp()
    failToOpen()
    const error = await deliver({ standing: 'mine', conversation: NEW }).catch((e: unknown) => e)
    expect(learnedWith(error).learned).toEqual({})
  })
})

describe('a message whose earlier attempt succeeded', () => {
  it('is found behind whatever came after it, and where it was written', async () => {
    const { deliver, steps, passes, wasPosted } = setUp()
    passes(30, NOW - 3 * HOUR)
    const messageId = wasPosted()
    passes(130)
    expect(await deliver(AGAIN)).toEqual({ conversation: OLD, messageId })
    expect(steps).toEqual([])
  })

  it('is found as a dead letter, though its claim has expired and the chat has moved on', async () => {
    const { deliver, steps, passes, wasPosted, know } = setUp()
    const messageId = wasPosted()
    passes(50)
    know({ renewedAt: NOW + 9 * 24 * HOUR, triedIn: OLD })
    expect(await deliver({ standing: 'mine', conversation: OLD })).toMatchObject({ messageId })
    expect(steps).toEqual([])
  })

  it('is found as a dead letter that does not know where it was tried', async () => {
    const { deliver, steps, wasPosted, know } = setUp()
    const messageId = wasPosted()
    know({ renewedAt: NOW + 9 * 24 * HOUR })
    expect(await deliver({ standing: 'mine', conversation: OLD })).toMatchObject({ messageId })
    expect(steps).toEqual([])
  })
})

describe('a message whose earlier attempt failed', () => {
  it('is posted once the time before the attempt is reached', async () => {
    const { deliver, steps, passes, calls } = setUp()
    passes(200, NOW - 200 * MINUTE)
    passes(30)
    await deliver(AGAIN)
    expect(steps.at(-1)).toBe(`post ${KEY_ID} to 2`)
    // The last 30, an hour for clocks that differ, and the page in which that ends.
    expect(calls).toHaveLength(5)
  })

  it('is posted although the conversation it was tried in is deleted', async () => {
    const { deliver, steps, deleteOld } = setUp()
    deleteOld()
    await deliver(AGAIN)
    expect(steps).toEqual(['open', 'claim for 2', `post ${KEY_ID} to 2`])
  })
})
