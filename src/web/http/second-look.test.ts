import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSecondLook } from './verify.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const clock = { now: () => Date.now() }
const setUp = () => createSecondLook({ clock, takesMs: 4_000, everyMs: 15_000 })

/** Milliseconds until it is decided, and what it is. */
async function timed<T>(work: Promise<T>): Promise<[number, T]> {
  const begun = Date.now()
  const done = work.then((found): [number, T] => [Date.now() - begun, found])
  await vi.advanceTimersByTimeAsync(20_000)
  return done
}
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const nothing = () => undefined

describe('a second look', () => {
  it('is not taken when the first finds something', async () => {
    const refresh = vi.fn(() => pause(0))
    expect(await timed(setUp()('sales', { find: () => 'it', refresh }))).toEqual([0, 'it'])
    expect(refresh).not.toHaveBeenCalled()
  })

  it('finds what the platform has told meanwhile, at once', async () => {
    let found: string | undefined
    const refresh = async () => {
      await pause(300)
      found = 'it'
    }
    expect(await timed(setUp()('sales', { find: () => found, refresh }))).toEqual([300, 'it'])
  })

  it.each<[string, () => Promise<void>]>([
    ['answers at once', () => pause(0)],
    ['answers slowly', () => pause(800)],
    ['answers never', () => new Promise(() => {})],
  ])('takes the same time when the platform %s', async (_, refresh) => {
    const look = setUp()
    const refused = () => look('sales', { find: nothing, refresh })
    const [first, second] = [refused(), refused()]
    expect(await timed(first)).toEqual([4_000, undefined])
    expect(await second).toBeUndefined()
  })

  it('takes no time when it was taken a moment ago, and is taken again after a while', async () => {
    const look = setUp()
    const refused = () => look('sales', { find: nothing, refresh: () => pause(0) })
    const first = refused()
    await vi.advanceTimersByTimeAsync(5_000)
    await first
    const begun = Date.now()
    await refused()
    expect(Date.now() - begun).toBe(0)
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await timed(refused()))[0]).toBe(4_000)
  })

  it('is not taken where there is nobody to ask', async () => {
    expect(await timed(setUp()('sales', { find: nothing, refresh: undefined }))).toEqual([
      0,
      undefined,
    ])
  })

  it('is one for each name, and forgets names that strangers make up', async () => {
    const look = setUp()
    const names = Array.from({ length: 3_000 }, (_, n) =>
      look(`${n}`, { find: nothing, refresh: () => pause(0) }),
    )
    await vi.advanceTimersByTimeAsync(4_000)
    expect(new Set(await Promise.all(names))).toEqual(new Set([undefined]))
    expect((await timed(look('0', { find: nothing, refresh: () => pause(0) })))[0]).toBe(4_000)
  })
})
