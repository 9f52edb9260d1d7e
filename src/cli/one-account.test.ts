import { expect, it } from 'vitest'
import { oneAccount } from './one-account.ts'

const [sales, support] = [{ id: 'sales' }, { id: 'support' }]

it('is the only one unless it is named', () => {
  expect(oneAccount([sales], undefined)).toBe(sales)
  expect(oneAccount([sales, support], 'support')).toBe(support)
})

it('has to be named among several, by a name there is', () => {
  expect(() => oneAccount([sales, support], undefined)).toThrow('--account: sales, support')
  expect(() => oneAccount([sales, support], 'shop')).toThrow('There is no account shop')
})
