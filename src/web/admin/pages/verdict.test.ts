import { describe, expect, it } from 'vitest'
import type { AccountId } from '../../../kernel/ids.ts'
import type { SessionStatus } from '../../../platforms/wasender/session-status.ts'
import type { KnownOfAccount } from '../account-view.ts'
import { verdictOn } from './verdict.ts'

const account = (given: Partial<KnownOfAccount> = {}): KnownOfAccount => ({
  id: 'sales' as AccountId,
  session: { status: 'connected', phone: '+15550002222', canManage: true },
  inbox: { id: 3, name: 'WhatsApp' },
  waiting: {},
  failures: { in: 0, out: 0, status: 0 },
  paused: null,
  limits: [],
  ...given,
})
const inState = (status: SessionStatus): KnownOfAccount =>
  account({ session: { status, phone: null, canManage: true } })

describe('the sentence about everything', () => {
  it.each<[KnownOfAccount[], string]>([
    [[account()], 'The account works.'],
    [[account(), account()], 'Both accounts work.'],
    [[account(), account(), account()], 'All 3 accounts work.'],
    [[inState('logged_out')], 'The account does not work.'],
    [[inState('need_scan'), account()], '1 of 2 accounts does not work.'],
    [[inState('error'), inState('expired'), account()], '2 of 3 accounts do not work.'],
    [[inState('unknown:odd'), inState('disconnected')], 'None of the accounts works.'],
    [
      [account({ failures: { in: 1, out: 1, status: 0 } })],
      'The account works, with something to look at.',
    ],
    [[account({ inbox: { problem: 'Away.', kind: 'no-answer' } })], 'The account does not work.'],
    [[account({ session: { problem: 'Away.', kind: 'refused' } })], 'The account does not work.'],
  ])('of %j is %s', (accounts, sentence) => {
    expect(verdictOn(accounts, {}).sentence).toBe(sentence)
  })

  it('names what to do and where, the worst first', () => {
    const late = account({ waiting: { out: { count: 2, oldestSeconds: 3_700 } } })
    const failed = account({ failures: { in: 0, out: 1, status: 0 } })
    expect(verdictOn([failed, late, inState('need_scan')], {}).points).toEqual([
      {
        tone: 'bad',
        path: '/admin/accounts/sales',
        text: 'sales waits for its QR code to be scanned.',
        todo: 'Scan the code with the phone.',
      },
      {
        tone: 'busy',
        path: '/admin/failures?account=sales',
        text: '1 message of sales failed.',
        todo: 'Read why, then retry or discard.',
      },
      {
        tone: 'busy',
        path: '/admin/accounts/sales',
        text: 'A message of sales has waited for 1 hour.',
      },
    ])
  })

  it('tells silence from a refusal that somebody has to mend', () => {
    const silent = account({
      session: { problem: 'Late.', kind: 'no-answer' },
      inbox: { problem: 'Away.', kind: 'no-answer' },
    })
    const refused = account({
      session: { problem: 'Wrong key.', kind: 'refused' },
      inbox: { problem: 'Wrong token.', kind: 'refused' },
    })
    const said = verdictOn([silent, refused], {}).points
    expect(said.map(({ text, todo = '' }) => `${text} ${todo}`.trim())).toEqual([
      'WasenderAPI gives no answer for sales: Late.',
      'Chatwoot gives no answer for sales: Away. Messages wait until it does.',
      'WasenderAPI refuses the bridge for sales: Wrong key.',
      'Chatwoot refuses the bridge for sales: Wrong token. Messages wait until that is mended.',
    ])
  })

  it('is about the bridge while it lacks something itself, known or not', () => {
    const { sentence, points } = verdictOn([account()], { redis: 'gone', other: 'odd' })
    expect(sentence).toBe('The bridge needs help.')
    expect(points.map(({ text }) => text)).toEqual([
      'Redis does not answer. Webhooks are kept on disk meanwhile, nothing is lost.',
      'other: odd',
    ])
  })
})

it('tells of limits of WhatsApp with what helps', () => {
  const since = new Date(0).toISOString()
  const limit = { code: '463', since, what: 'No new chats.', helps: 'Wait.' } as const
  const { tone, points } = verdictOn([account({ limits: [limit, { ...limit, code: '475' }] })], {})
  expect(tone).toBe('busy')
  expect(points.map(({ text, todo }) => `${text} ${todo}`)).toEqual([
    'sales: No new chats. Wait.',
    'sales: No new chats. Wait.',
  ])
})
