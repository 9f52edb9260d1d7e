import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, MiddlewareHandler, Next } from 'hono'

/** What goes wrong with a request to a stand-in. */
export type FaultKind =
  /** Answer normally after `ms`. */
  | { kind: 'delay'; ms: number }
  /** Answer normally after times between 0 and `ms`, so that answers overtake each other. */
  | { kind: 'scatter'; ms: number }
  /** Do the work at once, but answer only after `ms`: the caller's timeout hides an accepted request. */
  | { kind: 'delay-after'; ms: number }
  /** Close the connection before the stand-in does anything. */
  | { kind: 'refuse' }
  /** Do the work, then close the connection without an answer. */
  | { kind: 'drop-after' }
  /** Do the work, then answer with `status` and `body` all the same. */
  | { kind: 'fail-after'; status: number; body?: unknown }
  /** Do nothing and answer with `status`; `body` is sent as JSON, or as it is when it is a string. */
  | { kind: 'answer'; status: number; body?: unknown; headers?: Record<string, string> }
  /** Do nothing and answer 502 with an HTML page, as a proxy in front would. */
  | { kind: 'html' }
  /** Do the work and answer 200 with JSON that is cut off. */
  | { kind: 'bad-json' }
  /** Never answer, until the caller gives up. */
  | { kind: 'hang' }

/** A fault and the requests it hits. */
export type Fault = FaultKind & {
  /** Upper-case method; any when absent. */
  method?: string | undefined
  /** Part of the path; any when absent. */
  path?: string | undefined
  /** How many requests it hits before it is used up; every one when absent. */
  times?: number | undefined
}

export type Faults = {
  add(fault: Fault): void
  clear(): void
  list(): Fault[]
  middleware: MiddlewareHandler<{ Bindings: HttpBindings }>
}

type FaultContext = Context<{ Bindings: HttpBindings }>
type Apply<K extends FaultKind['kind']> = (
  c: FaultContext,
  next: Next,
  fault: Extract<FaultKind, { kind: K }>,
) => Promise<Response | undefined>

/** Faults on demand for a stand-in: the first one that fits a request is applied to it. */
export function createFaults(): Faults {
  const faults: Fault[] = []

  function take(method: string, path: string): Fault | undefined {
    const index = faults.findIndex(
      (fault) =>
        (fault.method === undefined || fault.method === method) &&
        (fault.path === undefined || path.includes(fault.path)),
    )
    const fault = faults[index]
    if (fault?.times !== undefined) {
      fault.times -= 1
      if (fault.times <= 0) faults.splice(index, 1)
    }
    return fault
  }

  return {
    add: (fault) => void faults.push({ ...fault }),
    clear: () => void faults.splice(0),
    list: () => faults.map((fault) => ({ ...fault })),
    middleware: async (c, next) => {
      const fault = take(c.req.method, c.req.path)
      if (fault === undefined) return await next()
      const apply = APPLY[fault.kind] as Apply<typeof fault.kind>
      return await apply(c, next, fault)
    },
  }
}

/** Spreads any number of waits evenly, the same way in every run. */
const GOLDEN = 0.618_033_988_75
let scattered = 0

const APPLY: { [K in FaultKind['kind']]: Apply<K> } = {
  delay: async (_c, next, { ms }) => {
    await sleep(ms, undefined, { ref: false })
    await next()
    return undefined
  },
  scatter: async (_c, next, { ms }) => {
    scattered = (scattered + GOLDEN) % 1
    await sleep(scattered * ms, undefined, { ref: false })
    await next()
    return undefined
  },
  'delay-after': async (_c, next, { ms }) => {
    await next()
    await sleep(ms, undefined, { ref: false })
    return undefined
  },
  refuse: async (c) => cutConnection(c),
  'drop-after': async (c, next) => {
    await next()
    return replace(c, cutConnection(c))
  },
  'fail-after': async (c, next, { status, body }) => {
    await next()
    return replace(c, answerWith(status, body))
  },
  'bad-json': async (c, next) => {
    await next()
    return replace(
      c,
      new Response('{"success": tr', { headers: { 'content-type': 'application/json' } }),
    )
  },
  html: async () =>
    new Response('<html><body><h1>502 Bad Gateway</h1></body></html>', {
      status: 502,
      headers: { 'content-type': 'text/html' },
    }),
  answer: async (_c, _next, { status, body, headers }) => answerWith(status, body, headers),
  hang: async (c) => {
    const { socket } = c.env.incoming
    if (!socket.destroyed) await once(socket, 'close')
    return RESPONSE_ALREADY_SENT
  },
}

/** True when the fault left the caller without any answer. */
export function isUnanswered(response: Response): boolean {
  return response === RESPONSE_ALREADY_SENT || response.headers.has('x-hono-already-sent')
}

function cutConnection(c: FaultContext): Response {
  c.env.incoming.socket.destroy()
  return RESPONSE_ALREADY_SENT
}

/**
 * A response returned after `next()` is ignored by hono because one is already set, so it has to be assigned;
 * clearing first keeps the replaced one's headers out of it.
 */
function replace(c: FaultContext, response: Response): undefined {
  c.res = undefined
  c.res = response
  return undefined
}

function answerWith(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {})
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  return new Response(text, { status, headers: { 'content-type': type, ...headers } })
}
