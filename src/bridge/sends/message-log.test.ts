import { describe, expect, it, vi } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { fingerprint } from '../../content/message/fingerprint.ts'
import type { AccountId, MsgId } from '../../kernel/ids.ts'
import { type MessageLog as LogRow, messageLog } from '../../platforms/wasender/session-logs.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { Journal } from './journal.ts'
import { createMessageLog } from './message-log.ts'

const SENT_AT = Date.UTC(2026, 0, 2, 3, 4, 5)
const TO = '+15550001111'
const link = {
  account: 'sales' as AccountId,
  sentAt: SENT_AT,
  fingerprint: fingerprint({ kind: 'text', text: 'Hello' }),
} as OutboundLink

const row = (more: Record<string, unknown> = {}): LogRow =>
  messageLog.parse({
    id: '7',
    to: TO,
    content: JSON.stringify({ text: 'Hello' }),
    status: 'sent',
    created_at: '2026-01-02 03:04:06',
    ...more,
  })

function setUp(pages: LogRow[][], known: number[] = []) {
  const messageLogs = vi.fn(async (_id: number, { page = 1 }: { page?: number }) => ({
    items: pages[page - 1] ?? [],
    page,
    totalPages: pages.length,
    total: undefined,
  }))
  const account = {
    id: 'sales',
    managedSession: { id: async () => 1, get: async () => undefined },
    wasender: { sessions: { messageLogs } },
  } as unknown as Account
  const journal = {
    byMsgId: async (_account: AccountId, msgId: MsgId) =>
      known.includes(msgId) ? link : undefined,
  } as unknown as Journal
  return { find: (to = TO) => createMessageLog({ journal }).find(account, link, to), messageLogs }
}

describe('the row of a send whose answer was lost', () => {
  it.each([
    ['as it was sent', {}],
    ['with the number without a plus', { to: '15550001111' }],
    ['with a JID', { to: '15550001111@s.whatsapp.net' }],
    ['with content that is no string', { content: { text: 'Hello' } }],
  ])('is found (%s)', async (_how, more) => {
    expect(await setUp([[row(more)]]).find()).toMatchObject({ msgId: 7 })
  })

  it.each([
    ['another recipient', { to: '+15550002222' }],
    ['other words', { content: JSON.stringify({ text: 'Bye' }) }],
    ['no content, because the session does not log it', { content: null, to: null }],
    ['an older one', { created_at: '2026-01-02 03:02:06' }],
    ['a much later one', { created_at: '2026-01-02 04:04:06' }],
    ['no time', { created_at: null }],
  ])('is not another one (%s)', async (_how, more) => {
    expect(await setUp([[row(more)]]).find()).toBeUndefined()
  })

  it('is the oldest that belongs to no other send', async () => {
    const rows = [row({ id: 9 }), row({ id: 8 }), row({ id: 7 })]
    expect(await setUp([rows], [7]).find()).toMatchObject({ msgId: 8 })
    expect(await setUp([rows], [7, 8, 9]).find()).toBeUndefined()
  })

  it('is looked for on further pages until they are older than the send', async () => {
    const later = row({ id: 50, to: '+15550009999' })
    const old = row({ id: 1, created_at: '2026-01-01 00:00:00' })
    const { find, messageLogs } = setUp([[later], [row(), old], [old], [old]])
    expect(await find()).toMatchObject({ msgId: 7 })
    expect(messageLogs).toHaveBeenCalledTimes(2)
  })
})
