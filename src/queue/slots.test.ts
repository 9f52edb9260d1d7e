import { describe, expect, it, vi } from 'vitest'
import type { AccountId } from '../kernel/ids.ts'
import type { Lane } from './entry.ts'
import { createSlots } from './fair-share.ts'

const SALES = 'sales' as AccountId
const lane = (key: string, account = SALES): Lane => ({ direction: 'in', account, key })
const keys = (lanes: Lane[]) => lanes.map(({ key }) => key)
const make = (perAccount: number) => {
  const onRoom = vi.fn()
  const slots = createSlots({ perAccount })
  slots.onRoom(onRoom)
  return { onRoom, slots }
}

describe('slots', () => {
  it('are per account: one that uses all of its own leaves the others theirs', () => {
    const { slots } = make(2)
    expect(['a', 'b', 'c'].map((key) => slots.take(lane(key)))).toEqual(['taken', 'taken', 'full'])
    expect(slots.take(lane('a', 'support' as AccountId))).toBe('taken')
  })

  it('go to the lane that has waited longest', () => {
    const { slots } = make(1)
    for (const key of ['a', 'b', 'c', 'b']) slots.take(lane(key))
    expect(keys(slots.release(lane('a')))).toEqual(['b'])
    expect(slots.take(lane('b'))).toBe('taken')
    expect(keys(slots.release(lane('b')))).toEqual(['c'])
  })

  it('are all offered again when several are free', () => {
    const { slots } = make(2)
    for (const key of ['a', 'b', 'c', 'd', 'e']) slots.take(lane(key))
    expect(keys(slots.release(lane('a')))).toEqual(['c'])
    expect(keys(slots.release(lane('b')))).toEqual(['d', 'e'])
  })

  it('are never given to one lane twice: it gets another turn behind those that wait', () => {
    const { slots } = make(1)
    slots.take(lane('a'))
    slots.take(lane('b'))
    expect(slots.take(lane('a'))).toBe('busy')
    expect(keys(slots.release(lane('a')))).toEqual(['b'])
    slots.take(lane('b'))
    expect(keys(slots.release(lane('b')))).toEqual(['a'])
  })

  it('let nobody wait while one is free', () => {
    const { slots } = make(1)
    expect(slots.park({ lane: lane('a'), now: false })).toBe(false)
    slots.take(lane('a'))
    expect(slots.park({ lane: lane('b'), now: false })).toBe(true)
  })

  it('remember so many lanes only, and say when there is room for the others', async () => {
    const { slots, onRoom } = make(1)
    slots.take(lane('hung'))
    for (let n = 0; n < 5_000; n += 1) slots.park({ lane: lane(`${n}`), now: n === 4_000 })
    let isRoom = false
    void slots.room(SALES).then(() => {
      isRoom = true
    })
    const handled = new Set<string>()
    let inHand = slots.release(lane('hung'))
    while (handled.size < 500) {
      const [next] = inHand as [Lane]
      slots.take(next)
      handled.add(next.key)
      await Promise.resolve()
      if (handled.size < 499) expect([isRoom, onRoom.mock.calls]).toEqual([false, []])
      inHand = slots.release(next)
    }
    await Promise.resolve()
    expect(isRoom).toBe(true)
    expect(onRoom.mock.calls).toEqual([[SALES, true]])
    expect([...handled]).toEqual(Array.from({ length: 500 }, (_, n) => `${n}`))
  })
})
