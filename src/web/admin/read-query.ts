import type { Context } from 'hono'
import { z } from 'zod'
import { PermanentError } from '../../kernel/errors.ts'

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

const OWN_PAGE = /^\/admin(?:[/?][\w\-.~/?=&%+:@,]*)?$/

/**
 * Where a form or a link wants to lead, if that is one of our own pages, else `otherwise`: an address that leads elsewhere
 * would make the bridge a lure, and one with a line break no header. Every redirect to a given address goes through here.
 */
export function ownPage(given: unknown, otherwise: string): string {
  return typeof given === 'string' && OWN_PAGE.test(given) && !isClimbing(given) ? given : otherwise
}

/** Leads out of `/admin` again, plainly or as a browser reads it. */
function isClimbing(path: string): boolean {
  return !/^\/admin(?:[/?]|$)/.test(new URL(path, 'http://bridge').pathname)
}
