import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BridgeError,
  describeError,
  OperatorNeededError,
  OutcomeUnknownError,
  PermanentError,
  RateLimitedError,
  TransientError,
} from '../../../kernel/errors.ts'
import type { Call } from '../../upstream/transport.ts'
import { createClassify, isNotFound, isRefusedValue, isTaken } from './classify.ts'

const HTML = '<html><body><h1>Oops</h1></body></html>'

function classify(
  status: number,
  body: unknown,
  effect: Call['effect'] = 'repeatable',
  headers: Record<string, string> = {},
): BridgeError {
  return createClassify('sales')(
    { status, headers: new Headers(headers), body },
    { operation: 'create-contact', method: 'post', path: 'contacts', effect },
  )
}

describe('refusals', () => {
  it.each([
    [401, { errors: ['You need to sign in or sign up before continuing.'] }, 'header_dropped'],
    [401, { error: 'Invalid Access Token' }, 'bad_token'],
    [401, { error: 'You are not authorized to access this account' }, 'not_authorized'],
    [401, { error: 'Account is suspended' }, 'not_authorized'],
    [401, { error: 'You are not authorized to do this action' }, 'not_authorized'],
    [401, { error: 'Access to this endpoint is not authorized for bots' }, 'bot_token'],
    [401, { error: 'Bot is not authorized to access this account' }, 'bot_token'],
    [401, '', 'not_authorized'],
    [402, { error: 'Account limit exceeded.' }, 'plan_limit'],
    [403, { error: 'API access is not enabled for this account' }, 'api_disabled'],
    [403, { error: 'Message status update is only allowed for API inboxes' }, 'not_api_inbox'],
    [403, '', 'forbidden'],
    [404, { error: 'Resource could not be found' }, 'not_found'],
    [404, '', 'not_found'],
    [404, null, 'not_found'],
    [413, HTML, 'too_large'],
    [
      422,
      { message: 'Phone number has already been taken', attributes: ['phone_number'] },
      'invalid',
    ],
    [422, { error: 'source_id should be unique' }, 'source_id_taken'],
    [422, { error: 'Incoming messages are only allowed in Api inboxes' }, 'not_api_inbox'],
    [422, { error: "'foo' is not a valid message_type" }, 'invalid'],
    [422, { error: 'param is missing or the value is empty: webhook' }, 'invalid'],
    [409, { error: 'Conflict' }, 'refused'],
    [400, { error: { message: 'nested' } }, 'refused'],
  ])('%i %j is chatwoot.%s', (status, body, code) => {
    for (const effect of ['once', 'repeatable'] as const) {
      const error = classify(status, body, effect)
      // Token, role and plan wait for the operator; everything else is final.
      const needsOperator = [401, 402, 403].includes(status)
      expect(error).toBeInstanceOf(needsOperator ? OperatorNeededError : PermanentError)
      expect(error.code).toBe(`chatwoot.${code}`)
      expect(error.context).toMatchObject({ account: 'sales', operation: 'create-contact', status })
    }
  })

  it('tells how to mend a dropped header', () => {
    const { message } = classify(401, { errors: ['You need to sign in or sign up'] })
    expect(message).toMatch(/proxy .*Api-Access-Token/)
  })
})

describe('refusals that pass', () => {
  it.each([
    ['no Retry-After', {}, 30_000],
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['nothing to wait', { 'retry-after': '0' }, 1_000],
    ['far too long', { 'retry-after': '999999' }, 3_600_000],
    ['nonsense', { 'retry-after': 'later' }, 30_000],
  ])('waits after a 429 with %s', (_, headers, waitMs) => {
    const error = classify(429, 'Retry later\n', 'once', headers)
    expect(error).toBeInstanceOf(RateLimitedError)
    expect(error).toMatchObject({ code: 'chatwoot.rate_limited', waitMs })
  })

  it('waits until the date of a Retry-After', () => {
    const at = new Date(Date.now() + 90_000).toUTCString()
    const error = classify(429, HTML, 'once', { 'retry-after': at })
    expect((error as RateLimitedError).waitMs).toBeGreaterThan(80_000)
    expect((error as RateLimitedError).waitMs).toBeLessThanOrEqual(90_000)
  })

  it('waits a minute when a conversation is full', () => {
    const error = classify(422, { error: 'Validation failed: Too many messages' }, 'once')
    expect(error).toBeInstanceOf(RateLimitedError)
    expect(error).toMatchObject({ code: 'chatwoot.too_many_messages', waitMs: 60_000 })
  })

  it.each([
    [500, { status: 500, error: 'Internal Server Error' }],
    [502, HTML],
    [503, ''],
    [504, 'upstream timed out'],
    [408, ''],
    [422, { error: 'The request took too long to complete. Please try again.' }],
  ])('%i %j is transient, or unknown when it must happen once', (status, body) => {
    expect(classify(status, body)).toBeInstanceOf(TransientError)
    expect(classify(status, body, 'once')).toBeInstanceOf(OutcomeUnknownError)
  })

  it.each([
    [401, HTML],
    [403, HTML],
    [404, HTML],
    [404, '404 page not found'],
    [400, 'Bad Request'],
  ])(
    '%i %j comes from a proxy, so nothing happened and nothing is proven missing',
    (status, body) => {
      const error = classify(status, body, 'once')
      expect(error).toBeInstanceOf(TransientError)
      expect(error.code).toBe('chatwoot.foreign_answer')
      expect(isNotFound(error)).toBe(false)
    },
  )
})

describe('isTaken', () => {
  const one = { message: 'Phone number has already been taken', attributes: ['phone_number'] }
  const two = {
    message: 'Identifier has already been taken, Phone number has already been taken',
    attributes: ['identifier', 'phone_number'],
  }
  const mixed = {
    message: 'Identifier has already been taken, Phone number should be in e164 format',
    attributes: ['identifier', 'phone_number'],
  }
  const comma = {
    message: 'Name is too long, sorry, Email has already been taken',
    attributes: ['name', 'email'],
  }
  it.each([
    [one, ['phone_number']],
    [two, ['identifier', 'phone_number']],
    [mixed, ['identifier']],
    [comma, ['email']],
    [{ message: 'Url has already been taken', attributes: ['url'] }, ['url']],
    [{ error: 'source_id should be unique' }, ['source_id']],
    [{ message: 'Name is too long (maximum is 255 characters)', attributes: ['name'] }, []],
  ])('%j', (body, taken) => {
    const error = classify(422, body)
    const names = ['identifier', 'phone_number', 'email', 'name', 'url', 'source_id']
    expect(names.filter((name) => isTaken(error, name)).sort()).toEqual([...taken].sort())
  })

  it('is told apart from a value that is refused for what it is', () => {
    expect(isRefusedValue(classify(422, mixed), 'phone_number')).toBe(true)
    expect(isRefusedValue(classify(422, mixed), 'identifier')).toBe(false)
    expect(isRefusedValue(classify(422, one), 'phone_number')).toBe(false)
    expect(isRefusedValue(classify(422, { error: 'x' }), 'phone_number')).toBe(false)
    const context = { attributes: 'phone_number' }
    const foreign = new PermanentError('x', { code: 'wasender.invalid', context })
    expect(isRefusedValue(foreign, 'phone_number')).toBe(false)
  })

  it('is about Chatwoot only', () => {
    const foreign = new PermanentError('x', { code: 'wasender.invalid', context: { taken: 'url' } })
    expect(isTaken(foreign, 'url')).toBe(false)
    expect(isTaken(new Error('has already been taken'), 'url')).toBe(false)
  })

  it('names the attributes and the problem', () => {
    expect(classify(422, mixed).context).toMatchObject({
      attributes: 'identifier,phone_number',
      problems: 'taken,format',
      taken: 'identifier',
    })
  })
})

describe('whatever the answer', () => {
  it('always yields an error, and never repeats what the server quoted', () => {
    const secret = 'quoted-customer-text'
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({ error: fc.constant(`'${secret}' is not a valid message_type`) }),
      fc.record({ message: fc.constant(secret), attributes: fc.constant([`+55 ${secret}`]) }),
      fc.record({ errors: fc.constant([secret, { message: secret }]) }),
      fc.constant(`<html>${secret}</html>`),
    )
    const status = fc.integer({ min: 400, max: 599 })
    fc.assert(
      fc.property(status, body, fc.constantFrom('once', 'repeatable'), (code, answer, effect) => {
        const error = classify(code, answer, effect)
        expect(error.code).toMatch(/^chatwoot\.[a-z_]+$/)
        expect(describeError(error) + JSON.stringify(error.context)).not.toContain(secret)
      }),
    )
  })
})
