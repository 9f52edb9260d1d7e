import { expect, test } from 'vitest'
import { filterRows } from './filter.ts'

const rows = [
  { name: 'Ana', phone: '+551', tags: ['vip'] },
  { name: 'Bruno', phone: '+552', tags: [] },
  { name: 'Maria', phone: null, tags: ['vip', 'new'] },
]
const readers = {
  name: (row: (typeof rows)[number]) => row.name,
  phone_number: (row: (typeof rows)[number]) => row.phone,
  labels: (row: (typeof rows)[number]) => row.tags,
}
const condition = (
  key: string,
  operator: string,
  values: unknown[],
  join: string | null = null,
) => ({
  attribute_key: key,
  filter_operator: operator,
  values,
  query_operator: join,
})
const names = (...payload: unknown[]) =>
  filterRows(rows, { payload }, readers).map(({ name }) => name)

test.each([
  ['equal_to', ['ANA'], ['Ana']],
  ['not_equal_to', ['ana'], ['Bruno', 'Maria']],
  ['contains', ['r'], ['Bruno', 'Maria']],
  ['does_not_contain', ['r'], ['Ana']],
  ['starts_with', ['m'], ['Maria']],
])('name %s %j', (operator, values, expected) => {
  expect(names(condition('name', operator, values))).toEqual(expected)
})

test('a phone number may lack its plus', () => {
  expect(names(condition('phone_number', 'equal_to', ['551']))).toEqual(['Ana'])
})

test('AND binds tighter than OR', () => {
  expect(
    names(
      condition('name', 'equal_to', ['bruno'], 'OR'),
      condition('labels', 'equal_to', ['vip'], 'AND'),
      condition('phone_number', 'is_not_present', []),
    ),
  ).toEqual(['Bruno', 'Maria'])
})

test.each([condition('nope', 'equal_to', ['x']), condition('name', 'nope', ['x'])])(
  'unknown keys and operators are refused: %j',
  (payload) => {
    expect(() => names(payload)).toThrow(expect.objectContaining({ status: 422 }))
  },
)
