import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'

/** What goes wrong with a request to a stand-in. */
export type FaultKind =
  /** Answer normally after `ms`. */
  | { kind: 'delay'; ms: number }
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
  method?: string
  /** Part of the path; any when absent. */
  path?: string
  /** How many requests it hits before it is used up; every one when absent. */
  times?: number
}

export type Faults = {
  add(fault: Fault): void
  clear(): void
  list(): Fault[]
  middleware: MiddlewareHandler<{ Bindings: HttpBindings }>
}

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
      if (fault === undefined) return next()
      return applyFault(fault, c, next)
    },
  }
}

const applyFault = async (
  fault: Fault,
  c: Parameters<Faults['middleware']>[0],
  next: () => Promise<void>,
): Promise<Response | undefined> => {
  switch (fault.kind) {
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, fault.ms))
      await next()
      return undefined
    case 'refuse':
      c.env.incoming.socket.destroy()
      return new Promise(() => {})
    case 'hang':
      return new Promise(() => {})
    case 'drop-after':
      await next()
      c.env.incoming.socket.destroy()
      return new Promise(() => {})
    case 'fail-after':
      await next()
      c.res = undefined
      return answer(fault.status, fault.body)
    case 'bad-json':
      await next()
      c.res = undefined
      return new Response('{"success": tr', {
        status: 200,
        headers: { 'content-type': 'application/json' },
      })
    case 'html':
      return new Response('<html><body><h1>502 Bad Gateway</h1></body></html>', {
        status: 502,
        headers: { 'content-type': 'text/html' },
      })
    case 'answer':
      return answer(fault.status, fault.body, fault.headers)
  }
}

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {})
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  return new Response(text, { status, headers: { 'content-type': type, ...headers } })
}
