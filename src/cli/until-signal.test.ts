import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { untilSignal } from './run-until-signal.ts'

const WORDS = { message: 'Stopped.', code: 'test.stopped' }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Work that cleans up until `finish` is called, however it is stopped. */
function slowlyEnding() {
  const signals = new EventEmitter()
  const { promise, resolve: finish } = Promise.withResolvers<void>()
  const ending = untilSignal(
    WORDS,
    async (signal) => {
      await promise
      signal.throwIfAborted()
      return 'done'
    },
    signals,
  )
  return { signals, ending, finish }
}

describe('untilSignal', () => {
  it('gives what came out, and listens no longer', async () => {
    const { signals, ending, finish } = slowlyEnding()
    expect(signals.eventNames()).toEqual(['SIGINT', 'SIGTERM'])
    finish()
    expect(await ending).toBe('done')
    expect(signals.eventNames()).toEqual([])
  })

  it('lets the work end by itself, with the code of the first signal', async () => {
    const { signals, ending, finish } = slowlyEnding()
    signals.emit('SIGTERM')
    signals.emit('SIGINT')
    finish()
    await expect(ending).rejects.toMatchObject({ ...WORDS, exitCode: 143 })
  })

  it('leaves a second signal to the process, once it cannot be the same one told twice', async () => {
    const { signals } = slowlyEnding()
    signals.emit('SIGINT')
    expect(signals.eventNames()).toEqual(['SIGINT', 'SIGTERM'])
    vi.runAllTimers()
    expect(signals.eventNames()).toEqual([])
  })
})
