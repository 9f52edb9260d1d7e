import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rateLimitWait } from './refusals.ts'

const NOW = Date.UTC(2026, 7, 21, 12)
const wait = (body: unknown, headers: Record<string, string> = {}, now = NOW) =>
  rateLimitWait({ status: 429, headers: new Headers(headers), body }, now)

describe('rateLimitWait', () => {
  it.each([
    ['seconds in the body', { retry_after: 5 }, {}, 5000],
    ['seconds as a string', { retry_after: '60' }, {}, 60_000],
    ['parts of a second', { retry_after: 2.5 }, {}, 2500],
    ['the body before the headers', { retry_after: 7 }, { 'Retry-After': '30' }, 7000],
    ['Retry-After in seconds', {}, { 'Retry-After': '12' }, 12_000],
    ['Retry-After as a date', {}, { 'Retry-After': 'Fri, 21 Aug 2026 12:00:20 GMT' }, 20_000],
    ['Retry-After before Reset', {}, { 'Retry-After': '3', 'X-RateLimit-Reset': '40' }, 3000],
    ['Reset in seconds', {}, { 'X-RateLimit-Reset': '40' }, 40_000],
    ['Reset as a timestamp', {}, { 'X-RateLimit-Reset': String(NOW / 1000 + 33) }, 33_000],
  ])('reads %s', (_, body, headers, expected) => {
    expect(wait(body, headers)).toBe(expected)
  })

  it.each([
    ['an hour for the body', { retry_after: 86_400 }, {}, 3_600_000],
    ['a minute for Retry-After', {}, { 'Retry-After': '86400' }, 60_000],
    ['an hour for Reset', {}, { 'X-RateLimit-Reset': '999999' }, 3_600_000],
    ['a second at least', { retry_after: 0 }, {}, 1000],
    ['a second for a past date', {}, { 'Retry-After': 'Fri, 21 Aug 2026 11:00:00 GMT' }, 1000],
    ['a second for a passed timestamp', {}, { 'X-RateLimit-Reset': String(NOW / 1000 - 3) }, 1000],
  ])('keeps to %s', (_, body, headers, expected) => {
    expect(wait(body, headers)).toBe(expected)
  })

  it.each([
    ['nothing', {}, {}],
    ['a page', '<html>1015</html>', {}],
    ['nonsense', { retry_after: 'soon' }, { 'Retry-After': 'later', 'X-RateLimit-Reset': '' }],
    ['a negative number', { retry_after: -5 }, {}],
  ])('waits five seconds when told %s', (_, body, headers) => {
    expect(wait(body, headers)).toBe(5000)
  })

  it('is always a sane number', () => {
    const header = fc.oneof(fc.nat().map(String), fc.stringMatching(/^[ -~]{0,20}$/))
    fc.assert(
      fc.property(fc.anything(), header, header, fc.nat(), (retryAfter, after, reset, now) => {
        const ms = wait(
          { retry_after: retryAfter },
          { 'Retry-After': after, 'X-RateLimit-Reset': reset },
          now,
        )
        expect(Number.isInteger(ms)).toBe(true)
        expect(ms).toBeGreaterThanOrEqual(1000)
        expect(ms).toBeLessThanOrEqual(3_600_000)
      }),
    )
  })
})
