import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { ConfigError } from '../../src/kernel/errors.ts'
import { listenLocally } from './listen.ts'

const app = new Hono().get('/', (c) => c.text('here'))

it('takes the next port when the first one is taken', async () => {
  const first = await listenLocally(app, { port: 0, from: 0 })
  const second = await listenLocally(app, { port: undefined, from: first.port })
  expect(second.port).toBeGreaterThan(first.port)
  expect(await (await fetch(`http://127.0.0.1:${second.port}`)).text()).toBe('here')
  await Promise.all([first.close(), second.close()])
})

it('says so when the port that was asked for is taken', async () => {
  const first = await listenLocally(app, { port: 0, from: 0 })
  await expect(listenLocally(app, { port: first.port, from: 0 })).rejects.toThrow(ConfigError)
  await first.close()
})
