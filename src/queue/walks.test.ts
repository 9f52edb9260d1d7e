import { describe, expect, it, vi } from 'vitest'
import type { AccountId } from '../kernel/ids.ts'
import type { Lane } from './entry.ts'
import { createWalks, type Look } from './fair-share.ts'

const SALES = 'sales' as AccountId

/** An index of 300 lanes, three pages. */
function setUp(room = async () => {}) {
  const looked: Look[] = []
  const page = vi.fn(async (direction: Lane['direction'], account: AccountId, cursor: string) => {
    const from = Number(cursor)
    const lanes = Array.from({ length: 100 }, (_, n) => ({
      direction,
      account,
      key: `${from + n}`,
    }))
    return { lanes, cursor: from === 200 ? '0' : String(from + 100) }
  })
  const onError = vi.fn()
  const look = async (each: Look) => void looked.push(each)
  const walks = createWalks({
    lanes: { page },
    direction: 'in',
    fairShare: { room },
    look,
    onError,
  })
  return { walks, looked, page, onError }
}

describe('a walk', () => {
  it('has every lane looked at, a page at a time', async () => {
    const { walks, looked } = setUp()
    walks.begin(SALES, true)
    await expect.poll(() => looked).toHaveLength(300)
    expect(new Set(looked.map(({ lane }) => lane.key)).size).toBe(300)
    expect(looked.every(({ now }) => now)).toBe(true)
  })

  it('reads no further than there is room', async () => {
    const gates = [0, 1, 2].map(() => Promise.withResolvers<void>())
    let asked = 0
    const { walks, page } = setUp(() => gates[asked++]?.promise ?? Promise.resolve())
    walks.begin(SALES, false)
    for (const [pages, gate] of gates.entries()) {
      await expect.poll(() => asked).toBe(pages + 1)
      expect(page).toHaveBeenCalledTimes(pages)
      gate.resolve()
    }
  })

  it('that is asked for during another one follows it, once', async () => {
    const { walks, looked } = setUp()
    for (const now of [false, false, true]) walks.begin(SALES, now)
    await expect.poll(() => looked).toHaveLength(600)
    expect(looked.slice(300).every(({ now }) => now)).toBe(true)
  })

  it('that fails is told, and the next one begins anew', async () => {
    const { walks, looked, page, onError } = setUp()
    page.mockRejectedValueOnce(new Error('Redis is away'))
    walks.begin(SALES, false)
    await expect.poll(() => onError).toHaveBeenCalledTimes(1)
    walks.begin(SALES, false)
    await expect.poll(() => looked).toHaveLength(300)
  })
})
