import { expect, it } from 'vitest'
import type { AccountId } from '../kernel/ids.ts'
import { createLastDelivered } from './lanes.ts'

it('knows since when a message of an account has gone the same way, and of that account alone', () => {
  let now = 10
  const last = createLastDelivered({ clock: { now: () => now } })
  const [sales, support] = ['sales', 'support'] as AccountId[]
  if (sales === undefined || support === undefined) throw new Error('There are two')
  expect(last.isSince(sales, 'in', 0)).toBe(false)
  last.note(sales, 'in')
  now = 20
  last.note(support, 'out')
  expect([9, 10, 11].map((at) => last.isSince(sales, 'in', at))).toEqual([true, false, false])
  expect(last.isSince(sales, 'status', 9)).toBe(true)
  expect(last.isSince(sales, 'out', 9)).toBe(false)
  expect(last.isSince(support, 'in', 9)).toBe(false)
  expect(last.isSince(support, 'out', 19)).toBe(true)
})
