import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  AccountId,
  ChatId,
  ConversationId,
  KeyId,
  MessageId,
  MsgId,
} from '../../kernel/ids.ts'
import type { OutboundLink, SendState } from '../../state/store/types.ts'
import { advance, type SendNews } from './journal.ts'

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
    const answered = advance(linked!, { kind: 'accepted', msgId: 7 as MsgId }, 3)
    expect(answered).toEqual({ ...linked, msgId: 7, at: 3 })
    expect(advance(answered!, { kind: 'accepted', msgId: 8 as MsgId }, 4)).toBeUndefined()
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

  it.each([['delivered'], ['read']] as const)(
    'believes that it was %s although it counts as failed',
    (kind) => {
      const failed = link('failed', { reason: 'It may have arrived.', inDoubt: true })
      const arrived = advance(failed, { kind }, 2)
      expect(arrived).toMatchObject({ state: kind, at: 2 })
      expect(arrived).not.toHaveProperty('reason')
      expect(arrived?.inDoubt).toBeUndefined()
    },
  )

  it('doubts only what is unknown, and takes the doubt back with any sign', () => {
    const doubted = { kind: 'doubted', reason: 'It may have arrived.' } as const
    const inDoubt = advance(link('unknown'), doubted, 2)
    expect(inDoubt).toMatchObject({ state: 'failed', inDoubt: true, reason: doubted.reason })
    for (const state of ['sending', 'accepted', 'linked', 'read', 'failed'] as const) {
      expect(advance(link(state), doubted, 2)).toBeUndefined()
    }
    for (const sign of [
      { kind: 'linked', keyId: key(1), by: 'echo' },
      { kind: 'delivered' },
      { kind: 'retry' },
    ] as const) {
      const after = advance(inDoubt!, sign, 3)
      expect(after?.inDoubt).toBeUndefined()
      expect(after?.reason).toBeUndefined()
    }
  })

  it('gives up waiting for a confirmation only of what was accepted', () => {
    const unconfirmed = { kind: 'unconfirmed', reason: 'It may have arrived.' } as const
    expect(advance(link('accepted'), unconfirmed, 2)).toMatchObject({
      state: 'failed',
      inDoubt: true,
    })
    for (const state of ['queued', 'sending', 'unknown', 'linked', 'read', 'failed'] as const) {
      expect(advance(link(state), unconfirmed, 2)).toBeUndefined()
    }
  })

  it('presumes a failure only of what has no WhatsApp id yet', () => {
    const presumed = { kind: 'presumed', reason: 'It was not delivered.' } as const
    for (const state of ['sending', 'unknown', 'accepted'] as const) {
      expect(advance(link(state), presumed, 2)).toMatchObject({ state: 'failed', inDoubt: true })
    }
    for (const state of ['queued', 'linked', 'delivered', 'read', 'failed'] as const) {
      expect(advance(link(state), presumed, 2)).toBeUndefined()
    }
  })

  it('remembers what it was wrongly tied to until that is given back', () => {
    const byEcho = link('read', { keyId: key(1), linkedBy: 'echo' })
    const byInfo = advance(byEcho, { kind: 'linked', keyId: key(2), by: 'info' }, 2)
    expect(byInfo).toMatchObject({ state: 'read', keyId: key(2), mistakenEchoes: key(1) })
    const given = advance(byInfo!, { kind: 'given-back' }, 3)
    expect(given?.mistakenEchoes).toBeUndefined()
    expect(advance(given!, { kind: 'given-back' }, 4)).toBeUndefined()
    const confirmed = advance(byEcho, { kind: 'linked', keyId: key(1), by: 'info' }, 2)
    expect(confirmed?.mistakenEchoes).toBeUndefined()
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
      queued: 0,
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

  it('is sent again after Retry, under new ids, and only when it failed', () => {
    const failed = link('failed', {
      reason: 'x',
      reported: 'failed',
      msgId: 7 as MsgId,
      keyId: key(1),
      linkedBy: 'info',
      quote: { message: 3 as MessageId },
    })
    expect(advance(failed, { kind: 'retry' }, 2)).toEqual(
      link('queued', { quote: { message: 3 as MessageId }, at: 2 }),
    )
    const states: SendState[] = ['sending', 'unknown', 'accepted', 'linked', 'delivered', 'read']
    for (const state of states) expect(advance(link(state), { kind: 'retry' }, 2)).toBeUndefined()
  })

  it('is reported anew after Retry, also where another part failed', () => {
    const sent = link('read', { reported: 'failed', keyId: key(1) })
    expect(advance(sent, { kind: 'retry' }, 2)).toEqual(link('read', { keyId: key(1), at: 2 }))
  })

  it('learns the id of what had failed already, by which that can prove to be wrong', () => {
    const accepted = { kind: 'accepted', msgId: 7 as MsgId } as const
    const failed = link('failed', { reason: 'x' })
    expect(advance(failed, accepted, 2)).toEqual({ ...failed, msgId: 7, at: 2 })
    expect(advance(link('failed', { msgId: 6 as MsgId }), accepted, 2)).toBeUndefined()
  })

  it('is dropped only while nothing of it is under way', () => {
    const dropped = { kind: 'dropped', by: 5 as MessageId } as const
    for (const state of ['queued', 'failed'] as const) {
      expect(advance(link(state), dropped, 2)).toMatchObject({ state, deletedBy: 5 })
    }
    for (const state of ['sending', 'unknown', 'accepted', 'linked', 'read'] as const) {
      expect(advance(link(state), dropped, 2)).toBeUndefined()
    }
  })

  it('keeps the first reason for which it was deleted', () => {
    const deleted = advance(link('read'), { kind: 'deleted', by: 5 as MessageId }, 2)
    expect(deleted).toMatchObject({ state: 'read', deletedBy: 5 })
    expect(advance(deleted!, { kind: 'deleted', by: 6 as MessageId }, 3)).toBeUndefined()
  })

  it('turns back at Retry only', () => {
    const states: SendState[] = [
      'queued',
      'sending',
      'unknown',
      'accepted',
      'linked',
      'delivered',
      'read',
      'failed',
    ]
    const news: fc.Arbitrary<SendNews> = fc.constantFrom<SendNews>(
      { kind: 'unknown' },
      { kind: 'accepted', msgId: 1 as MsgId },
      { kind: 'linked', keyId: key(1), by: 'echo' },
      { kind: 'delivered' },
      { kind: 'read' },
      { kind: 'failed', reason: 'x' },
      { kind: 'asked', change: 'revoke' },
      { kind: 'deleted', by: 1 as MessageId },
    )
    fc.assert(
      fc.property(fc.constantFrom(...states), news, (state, item) => {
        const next = advance(link(state), item, 2)
        if (state !== 'queued') expect(next?.state).not.toBe('queued')
        if (state !== 'sending') expect(next?.state).not.toBe('sending')
      }),
    )
  })
})
