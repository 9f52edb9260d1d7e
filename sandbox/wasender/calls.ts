import type { MiddlewareHandler } from 'hono'
import type { Clock } from '../../src/kernel/clock.ts'
import { isUnanswered } from '../faults.ts'
import type { Changes } from './changes.ts'
import type { Env } from './http.ts'
import { createLedger } from './ledger.ts'

/** One request to the API of the stand-in. */
export type ApiCall = {
  /** Upper case. */
  method: string
  /** With `/api`, without the query. */
  path: string
  query: Record<string, string>
  /** Parsed JSON; absent when the request had none. */
  body?: unknown
  /** Milliseconds since 1970. */
  at: number
  /** False when a fault kept it from having any effect. */
  handled: boolean
  /** HTTP status; `none` when no answer was given, `pending` until then. */
  status: number | 'pending' | 'none'
}

export type Calls = {
  entries: readonly ApiCall[]
  /** Requests to one path, with or without `/api` in front, or matching a pattern. */
  to(path: string | RegExp, method?: string): ApiCall[]
  /** Outermost: records every request. */
  record: MiddlewareHandler<Env>
  /** Behind the faults: marks what reached the routes. */
  mark: MiddlewareHandler<Env>
}

export function createCalls(clock: Clock, changes: Changes, keep: number): Calls {
  const ledger = createLedger<ApiCall>(keep)
  return {
    entries: ledger.entries,
    to: (path, method) =>
      ledger.entries.filter(
        (call) => isTo(call, path) && (method === undefined || call.method === method),
      ),
    record: async (c, next) => {
      const isJson = c.req.header('content-type')?.includes('json') ?? false
      const call = ledger.add({
        method: c.req.method,
        path: c.req.path,
        query: c.req.query(),
        ...(isJson ? { body: parsed(await c.req.text()) } : {}),
        at: clock.now(),
        handled: false,
        status: 'pending',
      })
      c.set('call', call)
      await next()
      call.status = isUnanswered(c.res) ? 'none' : c.res.status
      changes.emit({ kind: 'call', call })
    },
    mark: async (c, next) => {
      c.get('call').handled = true
      await next()
    },
  }
}

function isTo(call: ApiCall, path: string | RegExp): boolean {
  return typeof path === 'string'
    ? call.path === path || call.path === `/api${path}`
    : path.test(call.path)
}

/** Uploads as base64 are told by their length: nobody compares them, and they would fill the memory. */
const LONG = 100_000

function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value) =>
      typeof value === 'string' && value.length > LONG ? `<${value.length} characters>` : value,
    )
  } catch {
    return text
  }
}
