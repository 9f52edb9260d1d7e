import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { TransientError } from '../../kernel/errors.ts'
import { createSessionPolls } from './watch-bridge.ts'

const MINUTE = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function polls() {
  const status = vi.fn(async (): Promise<string> => 'connected')
  const account = { id: 'sales', wasender: { session: { status } } } as unknown as Account
  const heard: string[] = []
  const world = { isPaused: false }
  const { start, close } = createSessionPolls({
    accounts: [account],
    lastStatus: () => heard.at(-1),
    isPaused: async () => world.isPaused,
    onStatus: (_account, news) => heard.push(news),
    onError: (error) => {
      throw error
    },
  })
  return { status, heard, world, start, close }
}

describe('session polls', () => {
  it('ask at start, and never again while it is connected', async () => {
    const { start, status, heard } = polls()
    start()
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    expect(heard).toEqual(['connected'])
    expect(status).toHaveBeenCalledTimes(1)
  })

  it('ask every minute while it is not, and tell what is new once', async () => {
    const { start, status, heard } = polls()
    status.mockResolvedValueOnce('need_scan').mockResolvedValueOnce('need_scan')
    start()
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(heard).toEqual(['need_scan'])
    await vi.advanceTimersByTimeAsync(5 * MINUTE)
    expect(heard).toEqual(['need_scan', 'connected'])
    expect(status).toHaveBeenCalledTimes(3)
  })

  it('ask when the account is paused although it seemed connected', async () => {
    const { start, status, heard, world } = polls()
    start()
    await vi.advanceTimersByTimeAsync(MINUTE)
    world.isPaused = true
    status.mockResolvedValue('logged_out')
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(heard).toEqual(['connected', 'logged_out'])
  })

  it('take a gateway that cannot be asked for one that is not connected', async () => {
    const { start, status, heard } = polls()
    status.mockRejectedValue(new TransientError('No answer.', { code: 'wasender.unreachable' }))
    start()
    await vi.advanceTimersByTimeAsync(3 * MINUTE)
    expect(heard).toEqual(['unknown: wasender.unreachable'])
    expect(status).toHaveBeenCalledTimes(4)
  })

  it('believe a webhook more than an answer that was on its way', async () => {
    const { start, status, heard } = polls()
    const answer = Promise.withResolvers<string>()
    status.mockReturnValueOnce(answer.promise)
    start()
    heard.push('need_scan')
    answer.resolve('connected')
    await vi.advanceTimersByTimeAsync(0)
    expect(heard).toEqual(['need_scan'])
  })

  it('stop', async () => {
    const { start, close, status } = polls()
    status.mockResolvedValue('need_scan')
    start()
    close()
    await vi.advanceTimersByTimeAsync(5 * MINUTE)
    expect(status).toHaveBeenCalledTimes(1)
  })
})
