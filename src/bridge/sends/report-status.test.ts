import { describe, expect, it } from 'vitest'
import type { AccountId, ChatId, ConversationId, MessageId } from '../../kernel/ids.ts'
import type { OutboundLink, ReportedStatus, SendState } from '../../state/store/types.ts'
import { isNews, type Report, statusOf } from './report-message.ts'

const parts = (...states: SendState[]): OutboundLink[] =>
  states.map((state, part) => ({
    direction: 'out',
    account: 'sales' as AccountId,
    chat: 'pn:1' as ChatId,
    conversationId: 1 as ConversationId,
    messageId: 1 as MessageId,
    part,
    state,
    fingerprint: '',
    sentAt: 0,
    at: 0,
    ...(state === 'failed' ? { reason: 'no such number' } : {}),
  }))

describe('statusOf', () => {
  it.each<[SendState[], Report]>([
    [['accepted'], { status: 'sent' }],
    [['read', 'delivered'], { status: 'delivered' }],
    [['read', 'sending', 'delivered'], { status: 'sent' }],
    [['read', 'read'], { status: 'read' }],
    [['read', 'failed'], { status: 'failed', reason: 'no such number' }],
  ])('of %j is the worst of them', (states, report) => {
    expect(statusOf(parts(...states), 'fallback')).toEqual(report)
  })

  it('always gives a reason, since Chatwoot shows no Retry button without one', () => {
    const [part] = parts('failed')
    delete part!.reason
    expect(statusOf([part!], 'fallback')).toEqual({ status: 'failed', reason: 'fallback' })
  })
})

describe('isNews', () => {
  it.each<[ReportedStatus, ReportedStatus | undefined, boolean]>([
    ['sent', undefined, false],
    ['delivered', undefined, true],
    ['read', 'delivered', true],
    ['delivered', 'read', false],
    ['sent', 'delivered', false],
    ['failed', undefined, true],
    ['failed', 'failed', false],
    ['failed', 'delivered', false],
    ['sent', 'failed', true],
    ['delivered', 'failed', true],
  ])('%s after %s: %s', (status, reported, news) => {
    const report: Report = status === 'failed' ? { status, reason: 'x' } : { status }
    expect(isNews(report, reported)).toBe(news)
  })
})
