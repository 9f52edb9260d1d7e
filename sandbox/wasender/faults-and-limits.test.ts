import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestStandIn, type TestStandIn } from './test-stand-in.ts'

let now: number
let standIn: TestStandIn
beforeEach(async () => {
  now = 1_784_402_765_000
  standIn = await startTestStandIn({ clock: { now: () => now } })
})
afterEach(() => standIn.close())

const send = (text = 'Hello') =>
  standIn.request('POST', '/send-message', { to: '+15550001111', text })

describe('limits', () => {
  it('spaces sends when the account is protected', async () => {
    standIn.session().accountProtection = true
    expect((await send()).status).toBe(200)
    now += 1_500
    const refused = await send()
    expect(refused.status).toBe(429)
    expect(refused.body).toEqual({
      message: expect.stringContaining('You can only send 1 message every 5 seconds.'),
      retry_after: 4,
    })
    expect(refused.headers.get('x-ratelimit-limit')).toBe('1')
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(refused.headers.get('x-ratelimit-reset')).toBe('4')
    now += 3_500
    expect((await send()).status).toBe(200)
  })

  it('lets one of two simultaneous sends through', async () => {
    standIn.session().accountProtection = true
    const answers = await Promise.all([send('one'), send('two')])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 429])
  })

  it('counts accepted sends only', async () => {
    standIn.session().accountProtection = true
    expect((await send('')).status).toBe(422)
    expect((await send()).status).toBe(200)
  })

  it('limits sends per minute when asked to', async () => {
    standIn.settings.perMinute = 2
    expect([await send(), await send(), await send()].map(({ status }) => status)).toEqual([
      200, 200, 429,
    ])
    now += 60_001
    const answer = await send()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-ratelimit-remaining')).toBe('1')
  })

  it('does not limit by default', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send()))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })
})

describe('the ledger of calls under faults', () => {
  it('knows what was asked, and counts it', async () => {
    await send()
    expect(standIn.countOf('/send-message')).toBe(1)
    expect(standIn.countOf(/send/, 'GET')).toBe(0)
    expect(standIn.callsTo('/send-message')).toMatchObject([
      {
        method: 'POST',
        path: '/api/send-message',
        body: { to: '+15550001111', text: 'Hello' },
        handled: true,
        status: 200,
        at: now,
      },
    ])
  })

  it.each([
    [{ kind: 'refuse' }, false, 0],
    [{ kind: 'drop-after' }, true, 1],
  ] as const)('tells whether a lost request took effect: %o', async (fault, handled, arrived) => {
    standIn.faults.add({ ...fault, path: '/send-message', times: 1 })
    await expect(send()).rejects.toThrow()
    const call = await standIn.waitFor(() => standIn.calls.find(({ status }) => status === 'none'))
    expect(call.handled).toBe(handled)
    if (handled) await standIn.waitFor(() => standIn.inbox('+15550001111').length === 1)
    expect(standIn.inbox('+15550001111')).toHaveLength(arrived)
  })

  it('accepts a send whose answer comes too late', async () => {
    standIn.faults.add({ kind: 'delay-after', ms: 60_000, times: 1 })
    const patience = new AbortController()
    const response = fetch(`${standIn.apiUrl}/send-message`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${standIn.session().apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ to: '+15550001111', text: 'Hello' }),
      signal: patience.signal,
    })
    const lost = expect(response).rejects.toThrow(/abort/i)
    await standIn.waitFor(() => standIn.inbox('+15550001111').length === 1)
    patience.abort()
    await lost
  })
})

describe('waitFor', () => {
  it('rejects with what was waited for', async () => {
    const waiting = standIn.waitFor(() => false, { timeoutMs: 30, what: 'a miracle' })
    await expect(waiting).rejects.toThrow('Waited 30 ms in vain for a miracle')
  })

  it('passes on an error of the condition', async () => {
    const waiting = standIn.waitFor(() => {
      throw new Error('broken condition')
    })
    await expect(waiting).rejects.toThrow('broken condition')
  })
})
