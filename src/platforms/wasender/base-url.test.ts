import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../kernel/errors.ts'
import { correctBaseUrl, DEFAULT_BASE_URL } from './base-url.ts'

describe('correctBaseUrl', () => {
  it.each([DEFAULT_BASE_URL, 'http://localhost:4010/api', 'https://proxy.example.com/wa/api'])(
    'leaves %s alone',
    (right) => {
      expect(correctBaseUrl(right)).toEqual({ baseUrl: right })
    },
  )

  it.each([
    ['https://www.wasenderapi.com', DEFAULT_BASE_URL],
    ['https://www.wasenderapi.com/', DEFAULT_BASE_URL],
    ['https://www.wasenderapi.com/api/', DEFAULT_BASE_URL],
    ['https://www.wasenderapi.com//api//', DEFAULT_BASE_URL],
    ['www.wasenderapi.com', DEFAULT_BASE_URL],
    ['//www.wasenderapi.com/api', DEFAULT_BASE_URL],
    ['http://www.wasenderapi.com/api', DEFAULT_BASE_URL],
    ['HTTPS://WWW.WasenderAPI.com/api', DEFAULT_BASE_URL],
    ['https://www.wasenderapi.com/whatsapp', DEFAULT_BASE_URL],
    ['https://www.wasenderapi.com/whatsapp/12/edit', DEFAULT_BASE_URL],
    ['https://www.wasenderapi.com/whatsapp?page=2#top', DEFAULT_BASE_URL],
    ['https://www.wasenderapi.com/api-docs/messages/send-text-message', DEFAULT_BASE_URL],
    ['https://www.wasenderapi.com/api/send-message', DEFAULT_BASE_URL],
    ['https://wasenderapi.com/whatsapp', 'https://wasenderapi.com/api'],
    ['wasenderapi.com', 'https://wasenderapi.com/api'],
    ['localhost:4010', 'http://localhost:4010/api'],
    ['127.0.0.1:4010/whatsapp', 'http://127.0.0.1:4010/api'],
    ['https://proxy.example.com/wa', 'https://proxy.example.com/wa/api'],
    ['gateway.example.com:8443', 'https://gateway.example.com:8443/api'],
  ])('corrects %j and says so', (typed, baseUrl) => {
    const corrected = correctBaseUrl(typed)
    expect(corrected.baseUrl).toBe(baseUrl)
    expect(corrected.warning).toContain(`corrected to ${baseUrl}`)
  })

  it('ignores white space around it', () => {
    expect(correctBaseUrl(`  ${DEFAULT_BASE_URL}\n`)).toEqual({ baseUrl: DEFAULT_BASE_URL })
  })

  it('keeps the bare vendor domain but recommends www', () => {
    const corrected = correctBaseUrl('https://wasenderapi.com/api')
    expect(corrected.baseUrl).toBe('https://wasenderapi.com/api')
    expect(corrected.warning).toContain(DEFAULT_BASE_URL)
    expect(corrected.warning).not.toContain('corrected')
  })

  it('drops credentials without repeating them', () => {
    const corrected = correctBaseUrl('https://user:hidden@www.wasenderapi.com/api')
    expect(corrected.baseUrl).toBe(DEFAULT_BASE_URL)
    expect(corrected.warning).not.toContain('hidden')
  })

  it.each(['', '   ', 'ftp://www.wasenderapi.com/api', 'https://', 'https://a b', 'a b c'])(
    'refuses %j',
    (typed) => {
      expect(() => correctBaseUrl(typed)).toThrow(ConfigError)
    },
  )

  it('is stable: a corrected address needs no second correction', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (typed) => {
        const { baseUrl } = correctBaseUrl(typed)
        expect(baseUrl).toMatch(/\/api$/)
        expect(correctBaseUrl(baseUrl).baseUrl).toBe(baseUrl)
      }),
    )
  })
})
