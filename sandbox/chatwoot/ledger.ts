import type { Context, MiddlewareHandler } from 'hono'
import type { Clock } from '../../src/kernel/clock.ts'
import { isUnanswered } from '../faults.ts'
import type { Signal } from './signal.ts'

/** One request to the stand-in, of the control surface excepted. */
export type ApiCall = {
  method: string
  path: string
  /** Raw query, without the question mark. */
  query: string
  /** Milliseconds since 1970 of its arrival. */
  at: number
  /** Null while there is no answer, and for good when a fault keeps it back. */
  status: number | null
  /** Parsed JSON of the request, when it was JSON. */
  body?: unknown
}

/** Which calls to count; what is left out matches all. */
export type CallFilter = { method?: string; path?: RegExp }

export type CallLedger = {
  readonly calls: ApiCall[]
  countOf(filter: CallFilter): number
  /** Has to run before everything else, so that calls hit by a fault are recorded too. */
  middleware: MiddlewareHandler
}

/** Remembers every request in the order of arrival. */
export function createCallLedger(clock: Clock, signal: Signal): CallLedger {
  const calls: ApiCall[] = []
  return {
    calls,
    countOf: ({ method, path }) =>
      calls.filter(
        (call) =>
          (method === undefined || call.method === method) &&
          (path === undefined || path.test(call.path)),
      ).length,
    middleware: async (c, next) => {
      const { pathname, search } = new URL(c.req.url)
      const call: ApiCall = {
        method: c.req.method,
        path: pathname,
        query: search.slice(1),
        at: clock.now(),
        status: null,
      }
      calls.push(call)
      const body = await jsonBody(c)
      if (body !== undefined) call.body = body
      signal.ring()
      await next()
      call.status = isUnanswered(c.res) ? null : c.res.status
      signal.ring()
    },
  }
}

async function jsonBody(c: Context): Promise<unknown> {
  if (!c.req.header('content-type')?.includes('application/json')) return undefined
  const text = await c.req.text()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
