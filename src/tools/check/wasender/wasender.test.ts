import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../config/load.ts'
import { MINIMAL_ENV, MINIMAL_YAML } from '../../../config/testing.ts'
import { OperatorNeededError, PermanentError, TransientError } from '../../../kernel/errors.ts'
import { wasenderSubscriptions } from '../../../platforms/wasender/events/index.ts'
import type { Session } from '../../../platforms/wasender/session-schema.ts'
import { SESSION_STATUSES } from '../../../platforms/wasender/session-status.ts'
import type { Finding } from '../check.ts'
import { judgeSilence } from './answers.ts'
import { judgeLimits } from './limits.ts'
import { judgeOpenLids } from './open-lids.ts'
import { judgeOurs } from './our-session.ts'
import { judgeWarning } from './resync.ts'
import { judgeEvents } from './session-events.ts'
import { judgeSettings } from './session-settings.ts'
import { judgeStatus } from './session-state.ts'
import { judgeWebhook } from './session-webhook.ts'
import { judgeToken } from './tokens.ts'

const at = 'accounts[2]'
const ids = (findings: readonly Finding[]) =>
  findings.map((finding) => ('id' in finding ? finding.id : finding.level))

const session: Session = {
  id: 7,
  name: 'Sales',
  phoneNumber: '+15550002222',
  status: 'connected',
  accountProtection: false,
  logMessages: true,
  readIncomingMessages: false,
  webhookUrl: 'https://bridge.example.com/webhooks/wasender/sales',
  webhookEnabled: true,
  webhookEvents: [...wasenderSubscriptions],
  ignoreGroups: false,
  ignoreChannels: false,
  ignoreBroadcasts: false,
  apiKey: 'k',
  webhookSecret: 's',
}

describe('judgeSilence', () => {
  it.each([
    ['wasender.unreachable', 'wasender.unreachable'],
    ['wasender.unavailable', 'wasender.unavailable'],
    ['wasender.no_route', 'wasender.not_the_api'],
    ['wasender.redirected', 'wasender.not_the_api'],
    ['wasender.unreadable_answer', 'wasender.not_the_api'],
  ])('%s', (code, id) => {
    const error = new TransientError('x', { code, context: { network: 'ENOTFOUND', status: 502 } })
    expect(judgeSilence(error, 'x')).toMatchObject({ level: 'failed', id })
  })

  it('is none when WasenderAPI itself refuses', () => {
    const error = new OperatorNeededError('x', { code: 'wasender.unauthorized' })
    expect(judgeSilence(error, 'x')).toBeUndefined()
  })
})

describe('judgeToken', () => {
  const given = { kind: 'apiKey', token: 'f'.repeat(64), at } as const
  const error = (code: string) => new PermanentError('x', { code, context: { status: 402 } })

  it.each([
    ['wasender.not_connected', 'ok'],
    ['wasender.rate_limited', 'ok'],
    ['wasender.not_found', 'ok'],
    ['wasender.subscription', 'wasender.subscription'],
    ['wasender.plan', 'wasender.plan'],
    ['wasender.unauthorized', 'wasender.apiKey.refused'],
  ])('%s', (code, expected) => {
    expect(ids([judgeToken(error(code), given)])).toEqual([expected])
  })

  it('names the very setting, and the mix-up', () => {
    const mixedUp = judgeToken(error('wasender.unauthorized'), { ...given, token: '12|abc' })
    expect(mixedUp).toMatchObject({
      id: 'wasender.apiKey.mixed_up',
      found: expect.stringContaining('personal access token'),
      mend: expect.stringContaining('accounts[2].wasender.apiKey'),
    })
    expect(JSON.stringify(mixedUp)).not.toContain('12|abc')
  })

  it('does not take an unknown refusal for a good token', () => {
    expect(() => judgeToken(error('wasender.refused'), given)).toThrow(PermanentError)
  })
})

describe('judgeStatus', () => {
  it('has a remedy for every state but connected', () => {
    for (const status of SESSION_STATUSES) {
      const finding = judgeStatus(status, { account: 'sales', hasToken: false })
      expect('mend' in finding, status).toBe(status !== 'connected')
    }
  })

  it.each([
    ['need_scan', true, 'sessions qr --account sales'],
    ['need_scan', false, 'WasenderAPI dashboard'],
    ['logged_out', true, 'sessions connect --account sales'],
    ['disconnected', false, 'Press Connect'],
    ['need_passkey', true, 'WasenderAPI dashboard'],
    ['expired', true, 'subscription'],
    ['unknown:banned', true, 'dashboard'],
  ] as const)('%s with a token: %s', (status, hasToken, words) => {
    expect(judgeStatus(status, { account: 'sales', hasToken })).toMatchObject({
      mend: expect.stringContaining(words),
    })
  })
})

describe('judgeOurs', () => {
  const facts = { apiKey: ' k ', sessionId: 7, at }
  it.each([
    [session, 'ok'],
    [undefined, 'session.not_of_token'],
    [{ ...session, apiKey: 'other' }, 'session.other_key'],
    // Some answers leave the key out.
    [{ ...session, apiKey: undefined }, 'ok'],
  ])('%#', (found, expected) => {
    expect(ids([judgeOurs(found, facts)])).toEqual([expected])
  })
})

describe('judgeWebhook', () => {
  const base = 'https://bridge.example.com'
  const urls = [`${base}/webhooks/wasender/sales`, `${base}/api/webhook`]
  const judge = (changed: Partial<Session>) =>
    judgeWebhook({ ...session, ...changed }, { urls, secret: 's ', at })

  it.each([
    [{}, ['ok']],
    [{ webhookUrl: `${base}/webhooks/wasender/sales/` }, ['ok']],
    [{ webhookUrl: `${base}/api/webhook` }, ['ok']],
    [{ webhookUrl: `${base}/webhooks/wasender/other` }, ['session.webhook.elsewhere']],
    [{ webhookUrl: undefined }, ['session.webhook.missing']],
    [{ webhookEnabled: false }, ['session.webhook.disabled']],
    // The gateway did not say.
    [{ webhookEnabled: undefined }, ['ok']],
    [{ webhookSecret: undefined }, ['session.webhook.no_secret']],
    [
      { webhookSecret: 'x', webhookUrl: 'https://x.example' },
      ['session.webhook.elsewhere', 'session.webhook.secret'],
    ],
  ])('%j', (changed, expected) => {
    expect(ids(judge(changed))).toEqual(expected)
  })
})

describe('judgeEvents', () => {
  it('is content with what setup subscribes to', () => {
    expect(ids(judgeEvents(wasenderSubscriptions))).toEqual(['ok'])
  })

  it('takes the names as they are written elsewhere', () => {
    const others = wasenderSubscriptions.filter((event) => event !== 'call')
    expect(ids(judgeEvents([...others, 'call.received']))).toEqual(['ok'])
  })

  it('tells what is needed from what is merely useful', () => {
    expect(ids(judgeEvents([]))).toEqual(['session.events.missing', 'session.events.fewer'])
    const least = ['messages.upsert', 'messages.update', 'message.sent', 'session.status']
    expect(ids(judgeEvents(least))).toEqual(['session.events.fewer'])
    const [missing] = judgeEvents(wasenderSubscriptions.filter((name) => name !== 'message.sent'))
    expect(missing?.found).toBe('not ticked, but needed: message.sent.')
  })
})

describe('judgeSettings', () => {
  const { config } = parseConfig({ text: MINIMAL_YAML, file: 'x', env: MINIMAL_ENV })
  const options = config.accounts[0]!.options
  it.each([
    [{}, {}, []],
    [{ readIncomingMessages: true }, {}, ['session.reads_messages']],
    [{ logMessages: false }, {}, ['session.no_log']],
    [{ accountProtection: true }, {}, []],
    [{ accountProtection: true }, { pace: 4999 }, ['session.pace']],
    [{ accountProtection: true }, { pace: 5000 }, []],
    [{ accountProtection: false }, { pace: 0 }, []],
    [{ ignoreGroups: true }, {}, ['session.ignores_groups']],
    [{ ignoreGroups: true }, { groups: 'ignore' as const }, []],
    [{ ignoreChannels: true }, {}, []],
    [{ ignoreChannels: true }, { channels: 'bridge' as const }, ['session.ignores_channels']],
    [{ ignoreBroadcasts: true }, {}, ['session.ignores_broadcasts']],
  ])('%j with %j', (changed, given, expected) => {
    const facts = { session: { ...session, ...changed }, options: { ...options, ...given }, at }
    expect(ids(judgeSettings(facts))).toEqual(expected)
  })
})

describe('judgeWarning', () => {
  it('hands on the words without what is private in them', () => {
    expect(judgeWarning(undefined).level).toBe('ok')
    const finding = judgeWarning('failed to sync webhook settings for +15550002222')
    expect(finding).toMatchObject({ found: expect.stringContaining('failed to sync') })
    expect(finding.found).not.toContain('5550002222')
  })
})

describe('customers without a number', () => {
  const answer = (account: object) => ({
    ...{ answered: true as const, status: 200, location: null },
    body: { accounts: [{ id: 'sales', ...account }] },
  })

  it('are counted as the running bridge knows them, and nobody has to act', () => {
    const [finding] = judgeOpenLids(answer({ openLids: 7 }), 'sales')
    expect(finding).toMatchObject({
      level: 'ok',
      found: expect.stringContaining('7, known by LID'),
    })
    expect(judgeOpenLids(answer({ openLids: 0 }), 'sales')).toMatchObject([
      { level: 'ok', found: expect.stringContaining('none') },
    ])
    // A bridge of an earlier release does not know.
    for (const probed of [undefined, answer({}), answer({ openLids: '7' })]) {
      expect(ids(judgeOpenLids(probed, 'sales'))).toEqual(['skipped'])
    }
  })
})

describe('the limits of WhatsApp', () => {
  const answer = (limits: object[]) => ({
    ...{ answered: true as const, status: 200, location: null },
    body: {
      accounts: [
        { id: 'sales', limits },
        { id: 'support', limits: [] },
      ],
    },
  })
  const limit = { code: '463', what: 'No new chats.', helps: 'Wait.' }

  it('are told as the running bridge knows them', () => {
    expect(ids(judgeLimits(answer([limit]), 'sales'))).toEqual(['limits.463'])
    expect(ids(judgeLimits(answer([limit]), 'support'))).toEqual(['ok'])
    expect(ids(judgeLimits(answer([limit]), 'nobody'))).toEqual(['skipped'])
    expect(ids(judgeLimits(undefined, 'sales'))).toEqual(['skipped'])
    expect(ids(judgeLimits({ answered: false, network: 'ECONNREFUSED' }, 'sales'))).toEqual([
      'skipped',
    ])
  })
})
