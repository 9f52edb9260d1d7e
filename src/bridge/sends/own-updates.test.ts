import { expect, it } from 'vitest'
import type { AccountId, MessageId } from '../../kernel/ids.ts'
import { createOwnUpdates } from './report-message.ts'

const SALES = 'sales' as AccountId
const message = (id: number) => id as MessageId

it('tells as many updates of a message as there were, and of no other', () => {
  const own = createOwnUpdates({ clock: { now: () => 0 } })
  own.expect(SALES, message(1))
  own.expect(SALES, message(1))
  expect(own.take('support' as AccountId, message(1))).toBe(false)
  expect(own.take(SALES, message(2))).toBe(false)
  const taken = [1, 2, 3].map(() => own.take(SALES, message(1)))
  expect(taken).toEqual([true, true, false])
})

it('expects none that has not come for long, and no more than it can hold', () => {
  let now = 0
  const own = createOwnUpdates({ clock: { now: () => now } })
  own.expect(SALES, message(1))
  now += 60_000
  expect(own.take(SALES, message(1))).toBe(false)
  for (let id = 1; id <= 10_001; id += 1) own.expect(SALES, message(id))
  expect(own.take(SALES, message(1))).toBe(false)
  expect(own.take(SALES, message(2))).toBe(true)
})
