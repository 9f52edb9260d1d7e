import { describe, expect, it, vi } from 'vitest'
import type { AccountId } from '../kernel/ids.ts'
import type { Lane } from './entry.ts'
import { createFairShare } from './fair-share.ts'

const SALES = 'sales' as AccountId
const lane = (key: string, account = SALES): Lane => ({ direction: 'in', account, key })
const keys = (lanes: Lane[]) => lanes.map(({ key }) => key)
const make = (perAccount: number) => {
  const onRoom = vi.fn()
  const fairShare = createFairShare({ perAccount })
  fairShare.onRoom(onRoom)
  return { onRoom, fairShare }
}

describe('slots', () => {
  it('are per account: one that uses all of its own leaves the others theirs', () => {
    const { fairShare } = make(2)
    expect(['a', 'b', 'c'].map((key) => fairShare.take(lane(key)))).toEqual([
      'taken',
      'taken',
      'full',
    ])
    expect(fairShare.take(lane('a', 'support' as AccountId))).toBe('taken')
  })

  it('go to the lane that has waited longest', () => {
    const { fairShare } = make(1)
    for (const key of ['a', 'b', 'c', 'b']) fairShare.take(lane(key))
    expect(keys(fairShare.release(lane('a')))).toEqual(['b'])
    expect(fairShare.take(lane('b'))).toBe('taken')
    expect(keys(fairShare.release(lane('b')))).toEqual(['c'])
  })

  it('are all offered again when several are free', () => {
    const { fairShare } = make(2)
    for (const key of ['a', 'b', 'c', 'd', 'e']) fairShare.take(lane(key))
    expect(keys(fairShare.release(lane('a')))).toEqual(['c'])
    expect(keys(fairShare.release(lane('b')))).toEqual(['d', 'e'])
  })

  it('are never given to one lane twice: it gets another turn behind those that wait', () => {
    const { fairShare } = make(1)
    fairShare.take(lane('a'))
    fairShare.take(lane('b'))
    expect(fairShare.take(lane('a'))).toBe('busy')
    expect(keys(fairShare.release(lane('a')))).toEqual(['b'])
    fairShare.take(lane('b'))
    expect(keys(fairShare.release(lane('b')))).toEqual(['a'])
  })

  it('let nobody wait while one is free', () => {
    const { fairShare } = make(1)
    expect(fairShare.park({ lane: lane('a'), now: false })).toBe(false)
    fairShare.take(lane('a'))
    expect(fairShare.park({ lane: lane('b'), now: false })).toBe(true)
  })

  it('remember so many lanes only, and say when there is room for the others', async () => {
    const { fairShare, onRoom } = make(1)
    fairShare.take(lane('hung'))
    for (let n = 0; n < 5_000; n += 1) fairShare.park({ lane: lane(`${n}`), now: n === 4_000 })
    let isRoom = false
    void fairShare.room(SALES).then(() => {
      isRoom = true
    })
    const handled = new Set<string>()
    let inHand = fairShare.release(lane('hung'))
    while (handled.size < 500) {
      const [next] = inHand as [Lane]
      fairShare.take(next)
      handled.add(next.key)
      await Promise.resolve()
      if (handled.size < 499) expect([isRoom, onRoom.mock.calls]).toEqual([false, []])
      inHand = fairShare.release(next)
    }
    await Promise.resolve()
    expect(isRoom).toBe(true)
    expect(onRoom.mock.calls).toEqual([[SALES, true]])
    expect([...handled]).toEqual(Array.from({ length: 500 }, (_, n) => `${n}`))
  })
})
