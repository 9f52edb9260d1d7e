import type { Context } from 'hono'
import { z } from 'zod'
import { PermanentError } from '../errors.ts'

/** An admin asked for something that makes no sense; the message says what. */
export class BadQueryError extends PermanentError {}

/**
 * Reads the query of a request.
 *
 * @throws {BadQueryError} naming every parameter that cannot be read.
 */
export function readQuery<Shape extends z.ZodType>(c: Context, shape: Shape): z.output<Shape> {
  const parsed = shape.safeParse(c.req.query())
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  )
  throw badQuery(problems.join('; '))
}

export function badQuery(message: string): BadQueryError {
  return new BadQueryError(message, { code: 'admin.bad_query' })
}

const WHOLE = 'expected a whole number above 0'

/** A positive whole number in a query. */
export const positive = z.coerce.number(WHOLE).int(WHOLE).positive(WHOLE)

/** The same, no bigger than `most`. */
export const positiveUpTo = (most: number) => positive.max(most, `expected ${most} at most`)
