import { describe, expect, it, vi } from 'vitest'
import { createRefresh } from './account-credentials.ts'

function begin(isNew: boolean | Error) {
  let now = 1_000_000
  const onError = vi.fn()
  const ask = vi.fn(async () => {
    if (isNew instanceof Error) throw isNew
    return isNew
  })
  const refresh = createRefresh({ ask, onError, clock: { now: () => now }, everyMs: 15_000 })
  const ahead = (ms: number) => {
    now += ms
  }
  return { ask, onError, refresh, ahead }
}

describe('a refresh', () => {
  it('is shared by all who want it at the same time', async () => {
    const { ask, refresh } = begin(false)
    await Promise.all(Array.from({ length: 50 }, refresh))
    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('happens once in fifteen seconds', async () => {
    const { ask, refresh, ahead } = begin(false)
    await refresh()
    ahead(14_999)
    await refresh()
    expect(ask).toHaveBeenCalledTimes(1)
    ahead(1)
    await refresh()
    expect(ask).toHaveBeenCalledTimes(2)
  })

  it('does not count when it brought something new', async () => {
    const { ask, refresh } = begin(true)
    await refresh()
    await refresh()
    expect(ask).toHaveBeenCalledTimes(2)
  })

  it('counts when it failed, and rejects for nobody', async () => {
    const { ask, refresh, onError } = begin(new Error('away'))
    await Promise.all([refresh(), refresh()])
    await refresh()
    expect(ask).toHaveBeenCalledTimes(1)
    expect(onError).toHaveBeenCalledTimes(1)
  })

  it('is not kept back by a clock that was set back', async () => {
    const { ask, refresh, ahead } = begin(false)
    await refresh()
    ahead(-3_600_000)
    await refresh()
    expect(ask).toHaveBeenCalledTimes(2)
  })
})
