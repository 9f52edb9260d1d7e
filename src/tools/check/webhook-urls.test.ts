import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../config/load.ts'
import { MINIMAL_ENV, MINIMAL_YAML } from '../../config/testing.ts'
import { chatwootUrls, isSameUrl, showUrl, wasenderUrls } from './webhook-urls.ts'

const { config } = parseConfig({ text: MINIMAL_YAML, file: 'x', env: MINIMAL_ENV })
const account = config.accounts[0]!
const base = 'https://bridge.example.com'

describe('addresses of webhooks', () => {
  it('of WasenderAPI are two', () => {
    expect(wasenderUrls(base, account)).toEqual([
      'https://bridge.example.com/webhooks/wasender/sales',
      'https://bridge.example.com/api/webhook',
    ])
  })

  it('of Chatwoot depend on what is configured', () => {
    const plain = `${base}/webhooks/chatwoot/sales`
    const urls = (chatwoot: object) =>
      chatwootUrls(base, { ...account, chatwoot: { ...account.chatwoot, ...chatwoot } })
    expect(urls({ webhookSecret: 's' })).toEqual([plain])
    expect(urls({ webhookSecret: undefined, webhookToken: 't' })).toEqual([`${plain}/t`])
    expect(urls({ webhookSecret: 's', webhookToken: 't' })).toEqual([plain, `${plain}/t`])
  })
})

it.each([
  ['https://a.example/x/', 'https://a.example/x', true],
  ['https://A.example:443/x', 'https://a.example/x', true],
  ['http://a.example/x', 'https://a.example/x', false],
  ['https://a.example/x?y', 'https://a.example/x', false],
  ['https://a.example/X', 'https://a.example/x', false],
])('isSameUrl(%s, %s)', (one, other, same) => {
  expect(isSameUrl(one, other)).toBe(same)
})

it.each([
  [
    'https://a.example/webhooks/chatwoot/sales/t0ken',
    'https://a.example/webhooks/chatwoot/sales/<webhookToken>',
  ],
  ['https://a.example/webhooks/chatwoot/sales', 'https://a.example/webhooks/chatwoot/sales'],
  ['https://a.example/api/webhook', 'https://a.example/api/webhook'],
  ['https://user:pass@a.example/hook/s3cret?k=s3cret', 'https://a.example/…'],
  ['https://a.example/', 'https://a.example'],
  ['nonsense s3cret', 'something that is no address'],
])('showUrl(%s)', (url, shown) => {
  expect(showUrl(url)).toBe(shown)
})
