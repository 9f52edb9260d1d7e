import { Redis } from 'ioredis'
import { afterAll, beforeAll } from 'vitest'
import { startRedis, type TestRedis } from './redis.ts'

/** Gives the tests of a file a server of their own: `take` gets a connection to it before the first of them. */
export function useRedis(take: (redis: Redis, server: TestRedis) => void): void {
  let stop = async () => {}
  beforeAll(async () => {
    const server = await startRedis()
    const redis = new Redis(server.url)
    stop = async () => {
      redis.disconnect()
      await server.stop()
    }
    take(redis, server)
  })
  afterAll(() => stop())
}
