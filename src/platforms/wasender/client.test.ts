import { describe, expect, it } from 'vitest'
import { ConfigError, OperatorNeededError } from '../../kernel/errors.ts'
import { useNock } from '../upstream/testing/use-nock.ts'
import type { OnCall } from '../upstream/transport.ts'
import { failure, gateway, MSG_ID, testClient } from './fixtures.ts'

useNock()

const hello = { to: '+15550001111', kind: 'text', text: 'Hello' } as const

describe('the tokens', () => {
  it('without a personal access token session management says what to set', async () => {
    const { sessions } = testClient({ personalAccessToken: undefined })
    for (const asked of [sessions.list(), sessions.qrCode(1), sessions.authCheck()]) {
      const error = await failure(asked)
      expect(error).toBeInstanceOf(ConfigError)
      expect(error).toMatchObject({
        code: 'wasender.no_personal_access_token',
        message: expect.stringContaining('accounts[].wasender.personalAccessToken'),
      })
    }
  })

  it('hint at a mix-up without showing the token', async () => {
    const client = testClient({ apiKey: '7|personal', personalAccessToken: 'a'.repeat(64) })
    gateway('7|personal').get('/status').reply(401, { success: false, message: 'Invalid API key' })
    const first = await failure(client.session.status())
    expect(first).toBeInstanceOf(OperatorNeededError)
    expect(first).toMatchObject({
      message: expect.stringContaining('form of a personal access token'),
    })
    expect(String(first)).not.toContain('7|')
    gateway('a'.repeat(64)).get('/whatsapp-sessions').reply(401, { message: 'Unnotarized' })
    const second = await failure(client.sessions.list())
    expect(second).toMatchObject({ message: expect.stringContaining('form of a session API key') })
    expect(String(second)).not.toContain('aaaa')
  })

  it.each(['', '  ', 'with space', 'line\nbreak', 'ümlaut'])('refuse %j at once', (apiKey) => {
    expect(() => testClient({ apiKey })).toThrow(ConfigError)
  })

  it('are trimmed', async () => {
    gateway('session-key').get('/status').reply(200, { status: 'connected' })
    expect(await testClient({ apiKey: ' session-key\n' }).session.status()).toBe('connected')
  })
})

describe('what the client reports', () => {
  it('is every call with its operation and status', async () => {
    const seen: Parameters<OnCall>[0][] = []
    const client = testClient({ onCall: (call) => void seen.push(call) })
    gateway()
      .post('/send-message')
      .reply(200, { success: true, data: { msgId: 1 } })
    await client.messages.send(hello)
    gateway().get('/messages/100000/info').reply(404, { success: false, error: 'No' })
    await client.messages.info(MSG_ID)
    gateway().get('/status').replyWithError('gone')
    await failure(client.session.status())
    expect(seen.map(({ upstream, operation, status }) => [upstream, operation, status])).toEqual([
      ['wasender', 'send-message', 200],
      ['wasender', 'message-info', 404],
      ['wasender', 'session-status', 'error'],
    ])
  })

  it('never is a number, a text or a token', async () => {
    const { messages } = testClient()
    const text = "a text that is nobody else's business"
    for (const status of [200, 400, 401, 404, 422, 429, 500]) {
      const message = `Cannot send ${JSON.stringify({ ...hello, text })}`
      gateway().post('/send-message').reply(status, { success: false, message })
      const error = await failure(messages.send({ ...hello, text }))
      const shown = `${String(error)}${JSON.stringify(error)}`
      expect(shown).not.toMatch(/15550001111|nobody else|session-key/)
    }
  })
})

describe('an injected fetch', () => {
  it('is used', async () => {
    const asked: string[] = []
    const client = testClient({
      fetch: async (input) => {
        asked.push(new Request(input).url)
        return Response.json({ status: 'need_scan' })
      },
    })
    expect(await client.session.status()).toBe('need_scan')
    expect(asked).toEqual(['https://gateway.test/api/status'])
  })
})
