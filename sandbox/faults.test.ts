import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFaults, type Fault } from './faults.ts'

const faults = createFaults()
let server: ReturnType<typeof createAdaptorServer>
let url: string
let worked: number

beforeEach(async () => {
  worked = 0
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(faults.middleware)
  app.all('/work/:id', (c) => {
    worked += 1
    return c.json({ success: true }, 200, { 'x-worked': 'yes' })
  })
  server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  url = `http://127.0.0.1:${address.port}`
})

afterEach(async () => {
  faults.clear()
  if ('closeAllConnections' in server) server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const call = (init: RequestInit = {}) => fetch(`${url}/work/1`, { method: 'POST', ...init })

describe('faults that still answer', () => {
  it.each<[Fault, number, string, number]>([
    [{ kind: 'delay', ms: 1 }, 200, '{"success":true}', 1],
    [{ kind: 'scatter', ms: 2 }, 200, '{"success":true}', 1],
    [{ kind: 'delay-after', ms: 1 }, 200, '{"success":true}', 1],
    [{ kind: 'fail-after', status: 500, body: { message: 'x' } }, 500, '{"message":"x"}', 1],
    [{ kind: 'answer', status: 429, body: { retry_after: 5 } }, 429, '{"retry_after":5}', 0],
    [{ kind: 'answer', status: 503, body: 'busy' }, 503, 'busy', 0],
    [{ kind: 'bad-json' }, 200, '{"success": tr', 1],
  ])('%o', async (fault, status, text, times) => {
    faults.add(fault)
    const response = await call()
    expect([response.status, await response.text(), worked]).toEqual([status, text, times])
  })

  it('sends a proxy page without doing the work', async () => {
    faults.add({ kind: 'html' })
    const response = await call()
    expect(response.status).toBe(502)
    expect(response.headers.get('content-type')).toBe('text/html')
    expect(worked).toBe(0)
  })

  it('keeps the headers of the replaced answer out', async () => {
    faults.add({ kind: 'fail-after', status: 500 })
    expect((await call()).headers.has('x-worked')).toBe(false)
  })

  it('adds the headers of a scripted answer', async () => {
    faults.add({ kind: 'answer', status: 429, headers: { 'retry-after': '7' } })
    expect((await call()).headers.get('retry-after')).toBe('7')
  })
})

describe('faults without an answer', () => {
  it.each<[Fault, number]>([
    [{ kind: 'refuse' }, 0],
    [{ kind: 'drop-after' }, 1],
  ])('%o', async (fault, times) => {
    faults.add(fault)
    await expect(call()).rejects.toThrow('fetch failed')
    expect(worked).toBe(times)
  })

  /** Gives up on a call as soon as the stand-in has got it. */
  async function giveUpOnce(hasArrived: () => boolean): Promise<void> {
    const patience = new AbortController()
    const lost = expect(call({ signal: patience.signal })).rejects.toThrow(/abort/i)
    await expect.poll(() => hasArrived(), { interval: 5 }).toBe(true)
    patience.abort()
    await lost
  }

  it('hangs until the caller gives up', async () => {
    faults.add({ kind: 'hang', times: 1 })
    await giveUpOnce(() => faults.list().length === 0)
    expect(worked).toBe(0)
    expect((await call()).status).toBe(200)
  })

  it('does the work before a delayed answer that nobody waits for', async () => {
    faults.add({ kind: 'delay-after', ms: 60_000 })
    await giveUpOnce(() => worked === 1)
  })
})

describe('which requests are hit', () => {
  it('is used up after `times` requests', async () => {
    faults.add({ kind: 'html', times: 2 })
    expect([await call(), await call(), await call()].map((r) => r.status)).toEqual([502, 502, 200])
    expect(faults.list()).toEqual([])
  })

  it('looks at method and path', async () => {
    faults.add({ kind: 'html', method: 'GET' })
    faults.add({ kind: 'html', path: '/work/2' })
    expect((await call()).status).toBe(200)
    expect((await fetch(`${url}/work/1`)).status).toBe(502)
    expect((await fetch(`${url}/work/2`, { method: 'POST' })).status).toBe(502)
  })

  it('does not change the fault it was given', async () => {
    const fault: Fault = { kind: 'html', times: 1 }
    faults.add(fault)
    await call()
    expect(fault.times).toBe(1)
  })
})
