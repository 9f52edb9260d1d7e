import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signChatwootWebhook, verifyChatwootSignature, verifyToken } from './webhook.ts'

const SECRET = 'vJ8kq2mN5sT7wX9zB3cD6fGh'
const TIMESTAMP = 1785247510
/** A signed body as a real Chatwoot makes it: Rails escapes `<`, `>` and `&` in JSON, so the raw bytes count. */
const RAW_BODY = Buffer.from(
  '{"event":"message_created","id":1204,"content":"a \\u003cb\\u003e \\u0026 c é","message_type":"outgoing"}',
)
const SIGNATURE = 'sha256=d20b8ec216d7cabcda980c9bd4d96b6bd7d64172bb8873287709765a1a17d887'

const authentic = {
  rawBody: RAW_BODY,
  timestamp: String(TIMESTAMP),
  signature: SIGNATURE,
  secret: SECRET,
  now: TIMESTAMP * 1000,
}

describe('verifyChatwootSignature', () => {
  it('accepts what Chatwoot has signed', () => {
    expect(verifyChatwootSignature(authentic)).toEqual({ ok: true })
  })

  it('signs as Chatwoot does', () => {
    expect(signChatwootWebhook(RAW_BODY, SECRET, TIMESTAMP)).toEqual({
      'X-Chatwoot-Timestamp': '1785247510',
      'X-Chatwoot-Signature': SIGNATURE,
    })
  })

  it.each([
    ['current', ['new-secret', SECRET]],
    ['previous', [SECRET, 'new-secret']],
  ])('accepts the %s of two secrets', (_, secret) => {
    expect(verifyChatwootSignature({ ...authentic, secret })).toEqual({ ok: true })
  })

  it.each([
    ['no-secret', { secret: '' }],
    ['no-secret', { secret: [] }],
    ['no-secret', { secret: ['', ''] }],
    ['no-signature', { signature: undefined }],
    ['no-signature', { signature: '' }],
    ['no-timestamp', { timestamp: undefined }],
    ['malformed', { signature: SIGNATURE.replace('sha256=', '') }],
    ['malformed', { signature: `${SIGNATURE}00` }],
    ['malformed', { signature: 'sha256=zz' }],
    ['malformed', { timestamp: '1785247510.5' }],
    ['malformed', { timestamp: '-1' }],
    ['mismatch', { secret: 'other' }],
    ['mismatch', { timestamp: '1785247511' }],
    ['mismatch', { rawBody: Buffer.from(JSON.stringify(JSON.parse(String(RAW_BODY)))) }],
  ])('refuses with %s: %j', (reason, change) => {
    expect(verifyChatwootSignature({ ...authentic, ...change })).toEqual({ ok: false, reason })
  })

  it.each([
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ])('at an age of %i s is believed: %s', (age, ok) => {
    const now = (TIMESTAMP + age) * 1000
    expect(verifyChatwootSignature({ ...authentic, now })).toEqual(
      ok ? { ok } : { ok, reason: 'stale' },
    )
  })

  it('does not use an empty secret that happens to sign', () => {
    const headers = signChatwootWebhook(RAW_BODY, '', TIMESTAMP)
    const signature = headers['X-Chatwoot-Signature']
    expect(verifyChatwootSignature({ ...authentic, signature, secret: ['', SECRET] })).toEqual({
      ok: false,
      reason: 'mismatch',
    })
  })

  it('refuses every body, secret or time but the signed one', () => {
    const bytes = fc.uint8Array({ maxLength: 64 })
    fc.assert(
      fc.property(bytes, bytes, fc.string({ minLength: 1 }), (signed, received, secret) => {
        const headers = signChatwootWebhook(signed, secret, TIMESTAMP)
        const result = verifyChatwootSignature({
          rawBody: received,
          timestamp: headers['X-Chatwoot-Timestamp'],
          signature: headers['X-Chatwoot-Signature'],
          secret,
          now: TIMESTAMP * 1000,
        })
        expect(result.ok).toBe(Buffer.compare(signed, received) === 0)
      }),
    )
  })
})

describe('verifyToken', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'abcd', false],
    ['', '', false],
    [undefined, 'abc', false],
    ['abc', undefined, false],
  ])('%j against %j is %s', (given, expected, result) => {
    expect(verifyToken(given, expected)).toBe(result)
  })
})
