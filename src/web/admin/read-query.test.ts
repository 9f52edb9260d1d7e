import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BadQueryError, positive, positiveUpTo, readQuery } from './read-query.ts'

const shape = z.object({ page: positive.optional(), limit: positiveUpTo(500).default(50) })

/** What a request with this query reads, or what it is told. */
async function read(query: string): Promise<unknown> {
  const app = new Hono()
  app.get('/', (c) => c.json(readQuery(c, shape)))
  app.onError((error, c) => {
    if (error instanceof BadQueryError) return c.json(error.message)
    throw error
  })
  return (await app.request(`/?${query}`)).json()
}

describe('a number in a query', () => {
  it('is read', async () => {
    expect(await read('page=2&limit=500')).toEqual({ page: 2, limit: 500 })
    expect(await read('')).toEqual({ limit: 50 })
  })

  it.each(['0', '-1', '1.5', 'x', ''])('is not %j', async (given) => {
    expect(await read(`limit=${given}`)).toBe('limit: expected a whole number above 0')
  })

  it('has a most', async () => {
    expect(await read('limit=501')).toBe('limit: expected 500 at most')
  })

  it('is named when there are several', async () => {
    expect(await read('page=x&limit=501')).toBe(
      'page: expected a whole number above 0; limit: expected 500 at most',
    )
  })
})
