import { describe, expect, it } from 'vitest'
import { PermanentError, TransientError } from '../../kernel/errors.ts'
import { awayReason } from './away.ts'

const withCode = (message: string, facts: object) => Object.assign(new Error(message), facts)

describe('Redis is away', () => {
  it.each([
    [new Error("READONLY You can't write against a read only replica."), 'READONLY'],
    [new Error("OOM command not allowed when used memory > 'maxmemory'."), 'OOM'],
    [new Error('LOADING Redis is loading the dataset in memory'), 'LOADING'],
    [new Error('MISCONF Redis is configured to save RDB snapshots'), 'MISCONF'],
    [
      new Error(
        "ERR Error running script (call to f_0a1b): @user_script:3: @user_script: 3: -OOM command not allowed when used memory > 'maxmemory'.",
      ),
      'OOM',
    ],
    [new Error('Connection is closed.'), 'it cannot be reached'],
    [new Error('Command timed out'), 'it cannot be reached'],
    [withCode('connect ECONNREFUSED 10.0.0.1:6379', { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [
      withCode('connect ENOENT redis.sock', { code: 'ENOENT', syscall: 'connect', path: 'a.sock' }),
      'ENOENT',
    ],
    [
      withCode('EXECABORT Transaction discarded because of previous errors.', {
        previousErrors: [new Error('OOM command not allowed')],
      }),
      'OOM',
    ],
    [
      new TransientError('The store', { code: 'store.redis_failed', context: { reply: 'OOM' } }),
      'OOM',
    ],
  ])('%s: %s', (error, reason) => {
    expect(awayReason(error)).toBe(reason)
  })

  it.each([
    [new TypeError("Cannot read properties of undefined (reading 'id')")],
    [new Error('ERR Error running script (call to f_0a1b): @user_script:3: no such key')],
    [new Error('WRONGTYPE Operation against a key holding the wrong kind of value')],
    [withCode('open', { code: 'ENOENT', syscall: 'open', path: '/data/store/1.json' })],
    [withCode('write', { code: 'ENOSPC', syscall: 'write' })],
    [new PermanentError('Chatwoot refused', { code: 'chatwoot.invalid' })],
    ['OOM '],
  ])('not because of %s', (error) => {
    expect(awayReason(error)).toBeUndefined()
  })
})
