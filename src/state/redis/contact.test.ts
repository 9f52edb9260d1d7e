import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { createLogger } from '../../kernel/log.ts'
import { connectRedis } from './connect.ts'
import { watchContact } from './contact.ts'

const PASSWORD = 'password-of-redis'
const log = createLogger({ level: 'silent' })
const sockets = new Set<Socket>()
let server: Server | undefined

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await new Promise<void>((done) => (server === undefined ? done() : server.close(() => done())))
  server = undefined
})

/** Something that gives the same answer to every command, or none. */
async function answering(reply: string | undefined): Promise<string> {
  const listening = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      const commands = chunk.toString().match(/(^|\n)\*\d+\r/g) ?? []
      for (const _ of commands) if (reply !== undefined) socket.write(`-${reply}\r\n`)
    })
  })
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  return `redis://:${PASSWORD}@127.0.0.1:${(listening.address() as AddressInfo).port}`
}

function watch(url: string) {
  const error = vi.spyOn(log, 'error')
  const redis = connectRedis(url)
  onTestFinished(() => redis.disconnect())
  return { contact: watchContact(redis, log), redis, error }
}

it.each([
  'WRONGPASS invalid username-password pair or user is disabled.',
  'NOAUTH Authentication required.',
])('tells the operator of a refused password, once and without it: %s', async (reply) => {
  const { contact, redis, error } = watch(await answering(reply))
  const attempts = vi.fn()
  redis.on('reconnecting', attempts)
  await expect.poll(() => attempts.mock.calls.length).toBeGreaterThan(2)
  expect(contact.problem()).toMatch(/user and password \((WRONGPASS|NOAUTH)\): mend it/)
  expect(error).toHaveBeenCalledTimes(1)
  expect(JSON.stringify(error.mock.calls)).not.toContain(PASSWORD)
})

it.each([
  ['LOADING Redis is loading the dataset in memory', /starting or hangs/],
  [undefined, /starting or hangs/],
])('says that it does not work yet: %s', async (reply, problem) => {
  const { contact, error } = watch(await answering(reply))
  await expect.poll(() => contact.problem()).toMatch(problem)
  expect(error).not.toHaveBeenCalled()
})

it('says that nobody is there', async () => {
  const url = await answering(undefined)
  await new Promise<void>((done) => server?.close(() => done()))
  server = undefined
  const { contact } = watch(url)
  await expect.poll(() => contact.problem()).toBe('Redis cannot be reached (ECONNREFUSED)')
})
