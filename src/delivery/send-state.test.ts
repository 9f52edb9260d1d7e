import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AccountId, ChatId, ConversationId, KeyId, MessageId, MsgId } from '../ids.ts'
import type { OutboundLink, SendState } from '../store/types.ts'
import { advance, type SendNews } from './send-state.ts'

const link = (state: SendState, more: Partial<OutboundLink> = {}): OutboundLink => ({
  direction: 'out',
  account: 'sales' as AccountId,
  chat: 'pn:15550001111' as ChatId,
  conversationId: 15 as ConversationId,
  messageId: 1204 as MessageId,
  part: 0,
  state,
  fingerprint: 'f',
  sentAt: 1,
  at: 1,
  ...more,
})
const key = (n: number) => `3EB0${n}` as KeyId

describe('advance', () => {
  it('walks the usual way', () => {
    const accepted = advance(link('sending'), { kind: 'accepted', msgId: 7 as MsgId }, 2)
    expect(accepted).toMatchObject({ state: 'accepted', msgId: 7, at: 2 })
    const linked = advance(accepted!, { kind: 'linked', keyId: key(1), by: 'echo' }, 3)
    expect(linked).toMatchObject({ state: 'linked', keyId: key(1), linkedBy: 'echo', msgId: 7 })
    expect(advance(linked!, { kind: 'read' }, 4)).toMatchObject({ state: 'read' })
  })

  it('takes a key id before the answer: the echo may overtake it', () => {
    const linked = advance(link('sending'), { kind: 'linked', keyId: key(1), by: 'echo' }, 2)
    expect(linked?.state).toBe('linked')
    expect(advance(linked!, { kind: 'accepted', msgId: 7 as MsgId }, 3)).toBeUndefined()
  })

  it('believes /info over a recognition by content, and never the other way round', () => {
    const byEcho = link('linked', { keyId: key(1), linkedBy: 'echo' })
    const byInfo = advance(byEcho, { kind: 'linked', keyId: key(2), by: 'info' }, 2)
    expect(byInfo).toMatchObject({ keyId: key(2), linkedBy: 'info' })
    expect(advance(byInfo!, { kind: 'linked', keyId: key(3), by: 'echo' }, 3)).toBeUndefined()
    expect(advance(byEcho, { kind: 'linked', keyId: key(3), by: 'echo' }, 3)).toBeUndefined()
  })

  it('lets a message that was given up arrive after all', () => {
    const failed = link('failed', { reason: 'It may have arrived.' })
    const linked = advance(failed, { kind: 'linked', keyId: key(1), by: 'echo' }, 2)
    expect(linked).toMatchObject({ state: 'linked' })
    expect(linked?.reason).toBeUndefined()
  })

  it('keeps failed for what had no sign of arriving', () => {
    expect(advance(link('delivered'), { kind: 'failed', reason: 'x' }, 2)).toBeUndefined()
    expect(advance(link('linked'), { kind: 'failed', reason: 'x' }, 2)).toMatchObject({
      state: 'failed',
      reason: 'x',
    })
  })

  it('never goes back, whatever comes in whatever order', () => {
    const rank: Record<SendState, number> = {
      sending: 0,
      unknown: 1,
      accepted: 2,
      failed: 3,
      linked: 3,
      delivered: 4,
      read: 5,
    }
    const news: fc.Arbitrary<SendNews> = fc.oneof(
      fc.constant({ kind: 'unknown' } as const),
      fc.constant({ kind: 'accepted', msgId: 1 as MsgId } as const),
      fc.constantFrom<SendNews>(
        { kind: 'linked', keyId: key(1), by: 'echo' },
        { kind: 'linked', keyId: key(2), by: 'info' },
        { kind: 'delivered' },
        { kind: 'read' },
        { kind: 'failed', reason: 'x' },
      ),
    )
    fc.assert(
      fc.property(fc.array(news, { maxLength: 30 }), (all) => {
        let current = link('sending')
        let infoKey: KeyId | undefined
        for (const item of all) {
          const next = advance(current, item, 2)
          if (next === undefined) continue
          expect(rank[next.state]).toBeGreaterThanOrEqual(rank[current.state])
          if (infoKey !== undefined) expect(next.keyId).toBe(infoKey)
          if (next.linkedBy === 'info') infoKey = next.keyId
          current = next
        }
      }),
    )
  })
})
