import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stripSessionId } from './webhook.ts'

describe('stripSessionId', () => {
  it('drops the key at every depth and in every spelling, and nothing else', () => {
    const body = {
      event: 'qrcode.updated',
      sessionId: 'KEY',
      data: { qr: '2@x', session_id: 'KEY', list: [{ SessionID: 'KEY', id: 1 }], session: 'kept' },
    }
    expect(stripSessionId(body)).toEqual({
      event: 'qrcode.updated',
      data: { qr: '2@x', list: [{ id: 1 }], session: 'kept' },
    })
  })

  it('leaves the body it was given alone', () => {
    const body = { sessionId: 'KEY', data: { session_id: 'KEY' } }
    stripSessionId(body)
    expect(body).toEqual({ sessionId: 'KEY', data: { session_id: 'KEY' } })
  })

  it('gives back any JSON without such keys as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(stripSessionId(json)).toEqual(json)
      }),
    )
  })

  it('keeps a __proto__ key a plain key', () => {
    const stripped = stripSessionId(JSON.parse('{"__proto__":{"event":"x"}}'))
    expect(Object.getPrototypeOf(stripped)).toBe(Object.prototype)
    expect(JSON.stringify(stripped)).toBe('{"__proto__":{"event":"x"}}')
  })

  it('cuts off what is nested too deep to be walked', () => {
    const depth = 100_000
    const body: unknown = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)
    expect(JSON.stringify(stripSessionId(body))).toBe(`${'['.repeat(200)}null${']'.repeat(200)}`)
  })
})
