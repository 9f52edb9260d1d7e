import { Writable } from 'node:stream'
import { expect, it, vi } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { TransientError } from '../../kernel/errors.ts'
import { createLogger } from '../../kernel/log.ts'
import { createMetrics } from './metrics.ts'
import { createObserver } from './observe.ts'

type Observer = ReturnType<typeof createObserver>

/** What is logged of an error that nobody expected. */
const logged = (error: unknown) => loggedBy((observer) => observer.onWorkerError(error))

function loggedBy(happen: (observer: Observer) => void): string {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const log = createLogger({ level: 'trace', destination })
  happen(createObserver({ log, metrics: createMetrics({ accounts: [] }), accounts: ['sales'] }))
  return lines.join('')
}

it('quotes no text that an error of somebody else holds', () => {
  let error: unknown
  try {
    JSON.parse('Call me: +4915550001111')
  } catch (thrown) {
    error = thrown
  }
  expect(String(error)).toContain('Call me')
  expect(logged(error)).toContain('SyntaxError')
  expect(logged(error)).not.toContain('Call me')
})

it('says what the bridge says of its own errors', () => {
  const error = new TransientError('WasenderAPI (account sales) is away.', {
    code: 'wasender.away',
  })
  expect(logged(error)).toContain('WasenderAPI (account sales) is away.')
})

it('does not blame Chatwoot when Redis kept the bridge from looking for what was missed', () => {
  const account = { id: 'sales' } as Account
  const said = loggedBy(({ onCatchUpFailed }) => {
    for (let n = 0; n < 3; n += 1) onCatchUpFailed(account, new Error('Connection is closed.'))
  })
  expect(said.trim().split('\n')).toHaveLength(1)
  expect(said).toContain('Redis is away')
  expect(said).not.toMatch(/Chatwoot|"at":/)
})

it('tells of refusals with their number, by the account they were addressed to', () => {
  vi.useFakeTimers()
  const said = loggedBy(({ onWebhook, onAdminRefused }) => {
    const refused = { source: 'wasender', account: '', event: '', result: 'unauthorized' } as const
    for (let n = 0; n < 500; n += 1) {
      onWebhook({ ...refused, addressed: 'sales' })
      onWebhook({ ...refused, addressed: `made-up-${n}` })
      onAdminRefused()
    }
    vi.advanceTimersByTime(60_000)
  })
  vi.useRealTimers()
  const lines = said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ addressed, source, count }) => [source, addressed, count])).toEqual([
    ['wasender', 'sales', 1],
    ['wasender', undefined, 1],
    [undefined, undefined, 1],
    ['wasender', 'sales', 499],
    ['wasender', undefined, 499],
    [undefined, undefined, 499],
  ])
})

it('repeats no state of a session that nobody has documented', () => {
  const account = { id: 'sales' } as Account
  const said = loggedBy(({ onSessionStatus }) => {
    for (const status of [
      'zebracustomertext 12025550143',
      'unknown:zebracustomertext',
      'connected zebracustomertext',
      '12025550143',
      `unknown: wasender.unreachable zebracustomertext`,
    ]) {
      onSessionStatus(account, status)
    }
    onSessionStatus(account, 'need_scan')
    onSessionStatus(account, 'unknown: wasender.unreachable')
  })
  expect(said).not.toMatch(/zebra|12025550143/)
  expect(said.match(/"status":"other"/g)).toHaveLength(5)
  expect(said).toContain('"status":"need_scan"')
  expect(said).toContain('"status":"unknown: wasender.unreachable"')
})
