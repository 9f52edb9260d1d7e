import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { railsJson } from '../../sandbox/chatwoot/rails-json.ts'
import { parseChatwootWebhook } from '../../src/platforms/chatwoot/events.ts'
import {
  signChatwootWebhook,
  verifyChatwootSignature,
} from '../../src/platforms/chatwoot/webhook.ts'

/** A callback of Chatwoot 4.15.1 as it came over the wire; number and secret were replaced, and it was signed anew. */
const { rawBody, ...signed } = z
  .object({
    secret: z.string(),
    timestamp: z.string(),
    signature: z.string(),
    rawBody: z.string(),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'signed-webhook.json'), 'utf8')))

const bytes = Buffer.from(rawBody)
const now = Number(signed.timestamp) * 1000
const check = (changed: Partial<Parameters<typeof verifyChatwootSignature>[0]> = {}) =>
  verifyChatwootSignature({ ...signed, rawBody: bytes, now, ...changed })

describe('a signed webhook as recorded', () => {
  it('is believed, whole or in pieces', () => {
    expect(check()).toEqual({ ok: true })
    expect(check({ rawBody: [bytes.subarray(0, 700), bytes.subarray(700)] })).toEqual({ ok: true })
    expect(check({ secret: ['another', signed.secret] })).toEqual({ ok: true })
  })

  it('is not believed with one byte, the time or the secret changed, or later', () => {
    const mismatch = { ok: false, reason: 'mismatch' }
    const changed = Buffer.from(rawBody.replace('"content":"plain"', '"content":"plein"'))
    expect(check({ rawBody: changed })).toEqual(mismatch)
    expect(check({ rawBody: Buffer.from(`${rawBody}\n`) })).toEqual(mismatch)
    expect(check({ timestamp: String(Number(signed.timestamp) + 1) })).toEqual(mismatch)
    expect(check({ secret: signed.secret.toLowerCase() })).toEqual(mismatch)
    expect(check({ now: now + 301_000 })).toEqual({ ok: false, reason: 'stale' })
  })

  it('is signed and written the same way by the stand-in', () => {
    expect(signChatwootWebhook(bytes, signed.secret, Number(signed.timestamp))).toEqual({
      'X-Chatwoot-Timestamp': signed.timestamp,
      'X-Chatwoot-Signature': signed.signature,
    })
    expect(railsJson(JSON.parse(rawBody))).toBe(rawBody)
  })

  it('is a message of an agent', () => {
    expect(parseChatwootWebhook(JSON.parse(rawBody))).toMatchObject({
      ...{ type: 'message', action: 'created', content: 'plain', messageType: 'outgoing' },
      ...{ conversationId: 63, private: false },
    })
  })
})
