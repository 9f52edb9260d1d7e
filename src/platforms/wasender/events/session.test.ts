import { describe, expect, it } from 'vitest'
import { readPasskey, readQr, readSessionStatus } from './session.ts'

describe('readSessionStatus', () => {
  it.each(['connecting', 'connected', 'disconnected', 'need_scan', 'logged_out', 'error'])(
    'reads %s in any case',
    (status) => {
      for (const written of [status, status.toUpperCase(), ` ${status} `]) {
        const expected = [{ type: 'session-status', status }]
        expect(readSessionStatus({ status: written }, 'session.status')).toEqual(expected)
        expect(readSessionStatus(written, 'session.status')).toEqual(expected)
      }
    },
  )

  it('marks one that nobody has documented, and keeps only what may be a name', () => {
    const marked = [{ type: 'session-status', status: 'unknown:newer' }]
    expect(readSessionStatus({ status: 'NEWER' }, 'session.status')).toEqual(marked)
    const [event] = readSessionStatus('Call +1 202 555 0143! '.repeat(99), 'session.status')
    expect(event).toMatchObject({ status: expect.stringMatching(/^unknown:[a-z_]{1,40}$/) })
  })

  it('keeps the reason', () => {
    const data = { status: 'disconnected', reason: 'replaced' }
    expect(readSessionStatus(data, 'session.status')).toMatchObject([{ reason: 'replaced' }])
  })

  it.each([[null], [{}], [{ status: '' }], [{ status: 3 }], ['']])('finds none in %j', (data) => {
    expect(readSessionStatus(data, 'session.status')).toMatchObject([{ type: 'unknown' }])
  })
})

describe('readQr', () => {
  it.each([[{ qr: '2@x' }], [{ qrCode: '2@x' }], ['2@x'], [[{ qr: '2@x' }]]])(
    'reads %j',
    (data) => {
      expect(readQr(data, 'qrcode.updated')).toEqual([{ type: 'qr', qr: '2@x' }])
    },
  )

  it.each([[null], [{}], [{ qr: '' }], [{ qr: null }], [7]])('finds none in %j', (data) => {
    expect(readQr(data, 'qrcode.updated')).toMatchObject([{ type: 'unknown' }])
  })
})

describe('readPasskey', () => {
  it('reads a request and leaves its token out', () => {
    const data = { stage: 'request', requestId: 'r1', token: 't1', expiresAt: 1784403066013 }
    expect(readPasskey(data, 'passkey.updated')).toEqual([
      { type: 'passkey', stage: 'request', requestId: 'r1', expiresAt: 1784403066013 },
    ])
  })

  it.each([
    [{ stage: 'confirmation', requestId: 'r1', code: 'ABCD1234', skipHandoffUx: false }, 'code'],
    [{ stage: 'no_continuation', requestId: 'r1', error: 'unavailable' }, 'error'],
    [{ stage: 'FALLBACK_QR', requestId: 'r1' }, 'requestId'],
  ] as const)('reads %j', (data, field) => {
    const [event] = readPasskey(data, 'passkey.updated')
    expect(event).toMatchObject({ type: 'passkey', stage: data.stage.toLowerCase() })
    expect(event).toHaveProperty(field)
  })

  it.each([[null], [{}], ['request'], [{ stage: 1 }]])('finds none in %j', (data) => {
    expect(readPasskey(data, 'passkey.updated')).toMatchObject([{ type: 'unknown' }])
  })
})
