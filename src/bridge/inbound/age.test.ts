import { expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { ageOf } from './message-type.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.UTC(2026, 10, 30)

it.each([
  ['just now', NOW, 0, { isHistory: false }],
  ['at a time nobody tells', undefined, 0, { isHistory: false }],
  ['in the future', NOW + DAY, 0, { isHistory: false }],
  ['minutes before the account was set up', NOW - HOUR / 2, NOW, { isHistory: false }],
  [
    'during an outage of some days',
    NOW - 3 * DAY,
    0,
    { isHistory: false, writtenAt: NOW - 3 * DAY },
  ],
  ['weeks ago', NOW - 8 * DAY, 0, { isHistory: true, writtenAt: NOW - 8 * DAY }],
  ['before the account', NOW - 2 * HOUR, NOW, { isHistory: true, writtenAt: NOW - 2 * HOUR }],
  [
    'within the first hour of the account',
    NOW - 2 * HOUR,
    NOW - 2.5 * HOUR,
    { isHistory: false, writtenAt: NOW - 2 * HOUR },
  ],
])('written %s', async (_when, at, since, age) => {
  const deps = { clock: { now: () => NOW }, sinceOf: async () => since }
  const incoming = at === undefined ? {} : { at }
  expect(await ageOf(deps, {} as Account, incoming)).toEqual(age)
})
