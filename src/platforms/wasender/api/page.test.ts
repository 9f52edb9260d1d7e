import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { pageOf, readPayload } from './envelope.ts'
import { integer } from './fields.ts'

const page = pageOf(z.looseObject({ id: integer }).transform((row) => row.id))
const read = (body: unknown) => page.parse(readPayload(body))

describe('pageOf', () => {
  it.each([
    ['a bare array', [{ id: 1 }, { id: '2' }], { page: 1, totalPages: 1, total: 2 }],
    ['data as an array', { success: true, data: [{ id: 1 }, { id: 2 }] }, { page: 1, total: 2 }],
    [
      'items with pagination',
      {
        success: true,
        data: {
          items: [{ id: 1 }, { id: 2 }],
          pagination: { page: '2', limit: 2, total: 9, totalPages: 5 },
        },
      },
      { page: 2, totalPages: 5, total: 9 },
    ],
    [
      'items without pagination',
      { data: { items: [{ id: 1 }, { id: 2 }] } },
      { page: 1, totalPages: undefined, total: undefined },
    ],
    [
      "Laravel's paginator",
      {
        success: true,
        data: { current_page: 3, data: [{ id: 1 }, { id: 2 }], last_page: '4', total: 7 },
      },
      { page: 3, totalPages: 4, total: 7 },
    ],
  ])('reads %s', (_, body, expected) => {
    expect(read(body)).toMatchObject({ items: [1, 2], ...expected })
  })

  it('leaves out rows that cannot be read', () => {
    expect(read({ data: [{ id: 1 }, null, 'x', { id: {} }, { id: 2 }] }).items).toEqual([1, 2])
  })

  it.each([[{ success: true }], [''], [{ data: 'x' }], [null]])('refuses %j', (body) => {
    expect(page.safeParse(readPayload(body)).success).toBe(false)
  })
})
