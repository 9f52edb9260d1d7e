import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { TransientError } from './errors.ts'
import { createLogger } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createObserver } from './observe.ts'

/** What is logged of an error that nobody expected. */
function logged(error: unknown): string {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const log = createLogger({ level: 'trace', destination })
  createObserver({ log, metrics: createMetrics({ accounts: [] }) }).onWorkerError(error)
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
