import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  OperatorNeededError,
  OutcomeUnknownError,
  PermanentError,
  RateLimitedError,
  SessionDownError,
  TransientError,
} from '../../../kernel/errors.ts'
import type { Call } from '../../upstream/transport.ts'
import { createClassify } from './classify.ts'

const PAGE = '<!DOCTYPE html><html><head><title>Just a moment</title></head></html>'
const NOT_CONNECTED = 'Your Whatsapp Session is not connected please connect your session first.'
const NO_SUBSCRIPTION = 'Active subscription or trial is required to use the API'
const NO_LID = { success: false, error: 'LID not found or invalid.' }

function errorOf(
  status: number,
  body: unknown,
  effect: Call['effect'] = 'once',
  token: 'apiKey' | 'personalAccessToken' = 'apiKey',
) {
  const classify = createClassify({
    account: 'sales',
    token,
    tokenHint: '',
    clock: { now: () => 0 },
  })
  const call: Call = { operation: 'send-message', method: 'post', path: 'send-message', effect }
  return classify({ status, headers: new Headers(), body }, call)
}

/** The message itself is fine and waits until somebody has acted. */
const WAIT_FOR_OPERATOR = new Set([
  'wasender.unauthorized',
  'wasender.subscription',
  'wasender.plan',
])

describe('a refusal', () => {
  it.each([
    [400, { success: false, error: 'Something nobody described' }, 'wasender.refused'],
    [409, { message: 'Conflict' }, 'wasender.refused'],
    [200, { success: false, message: 'No' }, 'wasender.refused'],
    [200, { success: 'false' }, 'wasender.refused'],
    [401, { success: false, message: 'Invalid API key' }, 'wasender.unauthorized'],
    [401, { success: false, message: 'API key is required' }, 'wasender.unauthorized'],
    [401, { success: false, message: 'Unnotarized' }, 'wasender.unauthorized'],
    [401, { success: false, message: 'Session not found' }, 'wasender.unauthorized'],
    [401, PAGE, 'wasender.unauthorized'],
    [402, { success: false, message: NO_SUBSCRIPTION }, 'wasender.subscription'],
    [403, { success: false, message: NO_SUBSCRIPTION.toUpperCase() }, 'wasender.subscription'],
    [
      400,
      { success: false, error: 'You need to have an active subscription' },
      'wasender.subscription',
    ],
    [403, { success: false, message: 'You are on a trial plan and cannot' }, 'wasender.plan'],
    [403, { error: 'You have reached your WhatsApp session limit.' }, 'wasender.plan'],
    [
      422,
      { success: false, message: 'Validation failed', errors: { to: [''] } },
      'wasender.invalid',
    ],
    [422, { success: false, error: 'The jid field is required.' }, 'wasender.invalid'],
    [400, { message: 'x', errors: { to: ['not found'] } }, 'wasender.invalid'],
    [422, { message: 'The group was not found', errors: { to: [] } }, 'wasender.invalid'],
    [404, NO_LID, 'wasender.not_found'],
    [400, NO_LID, 'wasender.not_found'],
    [422, NO_LID, 'wasender.not_found'],
    [404, { success: false, message: 'Not Found' }, 'wasender.not_found'],
    [404, { success: false, error: 'Message does not exist' }, 'wasender.not_found'],
    [413, PAGE, 'wasender.too_large'],
    [422, { success: false, error: 'File size exceeds the limit of 16 MB' }, 'wasender.too_large'],
    [404, PAGE, 'wasender.no_route'],
    [404, '', 'wasender.no_route'],
    [404, { message: '' }, 'wasender.no_route'],
    [404, { message: 'Not Found' }, 'wasender.no_route'],
    [404, { message: 'The route api/send-message could not be found.' }, 'wasender.no_route'],
    [404, { success: false, message: 'Endpoint not found' }, 'wasender.no_route'],
    [404, { error: 'Cannot POST /api/send-message' }, 'wasender.no_route'],
    [405, PAGE, 'wasender.no_route'],
    [405, { message: 'The POST method is not supported for this route.' }, 'wasender.no_route'],
  ])('%i %j is %s', (status, body, code) => {
    for (const effect of ['once', 'repeatable'] as const) {
      const error = errorOf(status, body, effect)
      expect(error).toBeInstanceOf(
        WAIT_FOR_OPERATOR.has(code) ? OperatorNeededError : PermanentError,
      )
      expect(error).toMatchObject({ code, context: { account: 'sales', status } })
    }
  })

  it.each([200, 400, 401, 403, 404, 409, 422, 500])(
    'with "not connected" and %i is a session that is down',
    (status) => {
      for (const body of [
        { success: false, message: NOT_CONNECTED },
        { success: false, error: 'WhatsApp session is NOT CONNECTED. Cannot restart.' },
        { success: false, error: { message: NOT_CONNECTED } },
      ]) {
        expect(errorOf(status, body)).toBeInstanceOf(SessionDownError)
      }
    },
  )

  it.each([
    [429, { message: 'You have account protection enabled.', retry_after: 5 }, 5000],
    [429, { message: 'You are on a free trial.', retry_after: '60' }, 60_000],
    [429, { message: NOT_CONNECTED }, 5000],
    [429, PAGE, 5000],
    [403, { success: false, message: 'Slow down', retry_after: 9 }, 9000],
  ])('%i %j asks to wait', (status, body, waitMs) => {
    const error = errorOf(status, body)
    expect(error).toBeInstanceOf(RateLimitedError)
    expect(error).toMatchObject({ waitMs })
  })
})

describe('a page of the protection in front of the API', () => {
  const SCRIPT =
    '<html><body><script src="/cdn-cgi/challenge-platform/h/b/orchestrate"></script></html>'
  const marked = (status: number, body: unknown) => {
    const classify = createClassify({
      account: 'sales',
      token: 'apiKey',
      tokenHint: '',
      clock: { now: () => 0 },
    })
    const call = { operation: 'send-message', method: 'post', path: 'x', effect: 'once' } as const
    return classify({ status, headers: new Headers({ 'cf-mitigated': 'challenge' }), body }, call)
  }

  it.each([403, 429, 503])('with %i is a request that reached nobody', (status) => {
    for (const error of [errorOf(status, SCRIPT), marked(status, '<html></html>')]) {
      expect(error).toBeInstanceOf(TransientError)
      expect(error).toMatchObject({ code: 'wasender.challenged' })
      expect(error.message).not.toContain('<')
    }
  })

  it('is named by its title where nothing is lost by a mistake', () => {
    expect(errorOf(403, PAGE, 'repeatable').code).toBe('wasender.challenged')
    expect(errorOf(403, PAGE, 'once').code).toBe('wasender.outcome_unknown')
    expect(errorOf(403, '<title>Forbidden</title>', 'repeatable').code).toBe('wasender.unavailable')
  })
})

describe('a breakdown', () => {
  const breakdowns = [
    [500, { success: false, error: 'Server error' }],
    [502, PAGE],
    [503, ''],
    [524, 'error code: 524'],
    [408, { message: 'Request timeout' }],
    [425, ''],
    [403, PAGE],
    [400, 'Bad Request'],
    [400, ['a list']],
  ] as const

  it.each(breakdowns)('%i %j leaves a call that must not be repeated unknown', (status, body) => {
    expect(errorOf(status, body, 'once')).toBeInstanceOf(OutcomeUnknownError)
  })

  it.each(breakdowns)('%i %j is transient for a repeatable call', (status, body) => {
    expect(errorOf(status, body, 'repeatable')).toBeInstanceOf(TransientError)
  })

  it('says so when the session is the cause', () => {
    const error = errorOf(500, { success: false, message: NOT_CONNECTED }, 'repeatable')
    expect(error).toBeInstanceOf(SessionDownError)
  })
})

describe('what the operator reads', () => {
  it('names the token that is refused and where it is set', () => {
    expect(errorOf(401, {}).message).toMatch(/session API key.*accounts\[\]\.wasender\.apiKey/)
    expect(errorOf(401, {}, 'once', 'personalAccessToken').message).toMatch(
      /personal access token.*accounts\[\]\.wasender\.personalAccessToken/,
    )
  })

  it('lists invalid fields by name, with the reason and without what it quotes', () => {
    const error = errorOf(422, {
      success: false,
      message: 'The +15550001111 is wrong',
      errors: {
        to: ['+15550001111 is no number'],
        'poll.options': ['a'],
        'Hello +15550001111': ['x'],
      },
    })
    expect(error.message).toContain('to, poll.options.')
    expect(error.message).toMatch(/to: \+?# is no number/)
    expect(JSON.stringify(error.context) + error.message).not.toMatch(/\d{5}|Hello/)
  })

  it('never contains a phone number or a long text of the gateway', () => {
    const phone = fc.integer({ min: 10_000_000, max: 2_000_000_000 }).map(String)
    const secret = 'a text that an agent wrote to somebody else'
    const key = fc.constantFrom('error', 'message')
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), key, phone, (status, field, number) => {
        const error = errorOf(status, {
          [field]: `could not send "${secret}" to +${number} (${number}@s.whatsapp.net)`,
          errors: { [number]: [number] },
        })
        const shown = `${error.message}${JSON.stringify(error.context)}`
        expect(shown).not.toContain(number)
        expect(shown).not.toContain(secret)
      }),
    )
  })

  it('is made for any answer at all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.anything(), (status, body) => {
        expect(errorOf(status, body).code).toMatch(/^wasender\./)
      }),
    )
  })
})

describe('a number that is not on WhatsApp', () => {
  const WORDS = 'The provided JID does not exist on WhatsApp.'
  const BODIES = [
    { success: false, message: WORDS },
    { success: false, error: WORDS.toUpperCase() },
    { success: false, error: { message: WORDS } },
    { success: false, error: [WORDS] },
    { message: 'Validation failed', errors: { to: [WORDS] } },
    { success: false, message: 'Validation failed', errors: { to: { exists: [WORDS] } } },
    { success: false, errors: { to: 'JID does not exist on WhatsApp' } },
    { success: false, errors: [WORDS] },
    { success: false, errors: [{ field: 'to', message: WORDS }] },
    { success: false, errors: WORDS },
  ]
  const ways = [200, 400, 404, 409, 422].flatMap((status) =>
    BODIES.map((body) => [status, body] as const),
  )

  it.each(ways)('is told by %i %j', (status, body) => {
    expect(errorOf(status, body)).toMatchObject({ code: 'wasender.not_on_whatsapp' })
  })

  it.each([WORDS, [WORDS]])('is told by 422 and %j alone', (body) => {
    expect(errorOf(422, body)).toMatchObject({ code: 'wasender.not_on_whatsapp' })
  })

  it('is no certain answer of a gateway in trouble', () => {
    expect(errorOf(500, { success: false, message: WORDS })).toBeInstanceOf(OutcomeUnknownError)
  })
})

describe('a limit of WhatsApp', () => {
  it.each([
    [422, { success: false, message: 'WhatsApp refused it (error 463)' }, 'new_chats_limited'],
    [400, { success: false, error: { code: 463, message: 'nack' } }, 'new_chats_limited'],
    [200, { success: false, code: '463', message: 'Not sent' }, 'new_chats_limited'],
    [463, { success: false, message: 'Not sent' }, 'new_chats_limited'],
    [422, { success: false, errors: { to: ['error 475'] } }, 'monthly_limit'],
    [403, { success: false, errorCode: 475 }, 'monthly_limit'],
  ])('is told by %i %j', (status, body, code) => {
    expect(errorOf(status, body)).toMatchObject({ code: `wasender.${code}` })
  })
})

describe('the gateway’s own words', () => {
  it('are kept with the field they are about, without anything of what was sent', () => {
    const classify = createClassify({
      account: 'sales',
      token: 'apiKey',
      tokenHint: '',
      clock: { now: () => 0 },
    })
    const json = { to: '+12025550101', text: 'Meet me behind the church' }
    const call: Call = {
      ...{ operation: 'send-message', method: 'post', path: 'send-message', effect: 'once' },
      json,
    }
    const errors = {
      to: ['The to field +1 202 555 0101 is odd.'],
      text: ['Meet me behind the church is too short.'],
    }
    const body = { success: false, message: 'Validation failed', errors }
    const error = classify({ status: 422, headers: new Headers(), body }, call)
    const { upstream } = error.context
    expect(upstream).toMatch(/^to: The to field .{1,3} is odd\. text: … is too short\.$/)
    expect(error.message).toContain(String(upstream))
  })

  it('of thousands of fields are few', () => {
    const errors = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, index) => [`field_${index}`, ['no '.repeat(100)]]),
    )
    const { message } = errorOf(422, { errors })
    expect(message.length).toBeLessThan(500)
  })
})
