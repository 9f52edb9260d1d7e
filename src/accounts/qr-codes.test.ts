import { describe, expect, it } from 'vitest'
import { type AccountId, asId } from '../kernel/ids.ts'
import { qrPng, qrSvg, qrTerminal } from '../operators/qr-code.ts'
import { createQrCodes } from './qr-codes.ts'

const sales = { id: asId<AccountId>('sales') }
const support = { id: asId<AccountId>('support') }

describe('QR codes', () => {
  it('are known for 45 seconds, each to its account', () => {
    let now = 0
    const codes = createQrCodes({ clock: { now: () => now } })
    expect(codes.learned(sales, '2@a,b,c,d')).toEqual({ qr: '2@a,b,c,d', expiresAt: 45_000 })
    expect(codes.known(support)).toBeUndefined()
    now = 44_999
    expect(codes.known(sales)?.qr).toBe('2@a,b,c,d')
    now = 45_000
    expect(codes.known(sales)).toBeUndefined()
  })

  it('are forgotten when they open nothing any more', () => {
    const codes = createQrCodes({ clock: { now: () => 0 } })
    codes.learned(sales, '2@a,b,c,d')
    codes.forget(sales)
    expect(codes.known(sales)).toBeUndefined()
  })

  it('become pictures', async () => {
    const text = `2@${'x'.repeat(64)},${'y'.repeat(44)},${'z'.repeat(44)},${'w'.repeat(44)}`
    expect(await qrSvg(text)).toMatch(/^<svg[^>]+xmlns/)
    expect((await qrPng(text)).subarray(1, 4).toString()).toBe('PNG')
    const lines = (await qrTerminal(text)).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})
