import { describe, expect, it } from 'vitest'
import { readReceipts } from './updates.ts'

const key = { id: 'ABC', fromMe: true, remoteJid: '120363000000000001@g.us' }
const userJid = '15550001111@s.whatsapp.net'
const read = (data: unknown) => readReceipts(data, 'message-receipt.update')
const statusOf = (receipt: unknown) => read({ message: { key, receipt } })

describe('readReceipts', () => {
  const receipt = { userJid, receiptTimestamp: 1747775431 }

  it.each([
    ['the documented object', { message: { key, receipt } }],
    ['the list of the SDK', [{ key, receipt }]],
    ['a bare object', { key, receipt }],
    ['a list below message', { message: [{ key, receipt }] }],
    ['a list of receipts', { message: { key, receipt: [receipt] } }],
  ])('reads %s', (_name, data) => {
    expect(read(data)).toMatchObject([
      {
        type: 'receipt',
        key: { id: 'ABC', chat: { kind: 'group' } },
        status: 3,
        member: { phone: '15550001111' },
        at: 1_747_775_431_000,
      },
    ])
  })

  it.each([
    ['delivered', { receiptTimestamp: 1747775431 }, 3],
    ['delivered, as Long', { receiptTimestamp: { low: 1747775431, high: 0 } }, 3],
    ['read', { readTimestamp: 1747775431 }, 4],
    ['read after delivered', { receiptTimestamp: 1747775000, readTimestamp: 1747775431 }, 4],
    ['not read yet', { receiptTimestamp: 1747775431, readTimestamp: 0 }, 3],
    ['played', { readTimestamp: 1747775000, playedTimestamp: 1747775431 }, 5],
    ["the SDK's read", { status: 'read', t: 1747775431 }, 4],
    ["the SDK's delivered", { status: 'delivered', t: 1747775431 }, 3],
    ["the SDK's number", { status: 4, t: 1747775431 }, 4],
    ['no more than a time', { t: 1747775431 }, 3],
  ])('%s', (_name, fields, status) => {
    expect(statusOf({ userJid, ...fields })).toMatchObject([{ status, at: 1_747_775_431_000 }])
  })

  it('does not need to know the member', () => {
    const [event] = statusOf({ receiptTimestamp: 1747775431 })
    expect(event).toMatchObject({ type: 'receipt', status: 3 })
    expect(event).not.toHaveProperty('member')
  })

  it.each([
    [null],
    [{}],
    [{ message: { key } }],
    [{ receipt }],
    [{ message: { key, receipt: 'x' } }],
  ])('finds nothing in %j', (data) => {
    expect(read(data)).toMatchObject([{ type: 'unknown' }])
  })

  it('does not guess what an unknown status means', () => {
    expect(statusOf({ userJid, status: 'inactive' })).toMatchObject([{ type: 'unknown' }])
  })
})
