import { describe, expect, it } from 'vitest'
import { toAck } from './fields.ts'

describe('toAck', () => {
  it.each([
    [0, [0, '0', 'error', 'ERROR', 'failed']],
    [1, [1, '1', 'pending', 'PENDING']],
    [2, [2, '2', 'sent', 'SERVER_ACK']],
    [3, [3, '3', 'delivered', ' Delivered ', 'DELIVERY_ACK']],
    [4, [4, '4', 'read', 'READ']],
    [5, [5, '5', 'played', 'PLAYED']],
  ])('%i from every spelling', (expected, spellings) => {
    expect(spellings.map(toAck)).toEqual(spellings.map(() => expected))
  })

  it.each([6, -1, 3.5, '', '6', 'seen', 'constructor', null, undefined, true, [3], { status: 3 }])(
    'nothing from %j',
    (value) => {
      expect(toAck(value)).toBeUndefined()
    },
  )
})
