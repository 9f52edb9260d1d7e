import { once } from 'node:events'
import { connect } from 'node:net'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { listen } from './listen.ts'

describe('closing the server', () => {
  it('waits for the request in hand, but not for a connection that asks nothing', async () => {
    const app = new Hono()
    const arrived = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    app.get('/', async (c) => {
      arrived.resolve()
      await answer.promise
      return c.text('late')
    })
    const server = await listen(app, '127.0.0.1', 0)
    const silent = connect(server.port, '127.0.0.1')
    await once(silent, 'connect')
    const asked = fetch(`http://127.0.0.1:${server.port}/`)
    await arrived.promise
    let isClosed = false
    const closed = server.close().then(() => {
      isClosed = true
    })
    await once(silent, 'close')
    expect(isClosed).toBe(false)
    answer.resolve()
    expect(await (await asked).text()).toBe('late')
    await closed
  })

  it('does not wait for ever for one who takes nothing of the answer', async () => {
    const app = new Hono()
    app.get('/', (c) => c.body(new ReadableStream({ pull: () => new Promise(() => {}) })))
    const server = await listen(app, '127.0.0.1', 0, { patienceMs: 20 })
    const asked = connect(server.port, '127.0.0.1')
    // To be cut off is what it waits for.
    asked.on('error', () => {})
    asked.write('GET / HTTP/1.1\r\nHost: bridge\r\n\r\n')
    await once(asked, 'data')
    await server.close()
    await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow()
  })
})
