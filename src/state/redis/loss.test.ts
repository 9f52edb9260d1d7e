import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useRedis } from '../../../test/support/use-redis.ts'
import { createLossWatch, type Loss, lossInWords } from './loss.ts'

let redis: Redis
let dir: string
let now: number

useRedis((given) => {
  redis = given
})
beforeEach(async () => {
  await redis.flushall()
  dir = await mkdtemp(join(tmpdir(), 'loss-'))
  now = 1_000_000
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** A process: what it knows is in a file of its own. */
function bridge(name = 'one') {
  const losses: Loss[] = []
  const errors: unknown[] = []
  const watch = createLossWatch({
    redis,
    prefix: 'wc:',
    file: join(dir, `${name}.json`),
    clock: { now: () => now },
    onError: (error) => errors.push(error),
  })
  watch.onLoss((loss) => void losses.push(loss))
  return { watch, losses, errors, look: () => watch.look() }
}

const what = (losses: Loss[]) => losses.map((loss) => loss.what)

describe('the watch over what Redis holds', () => {
  it('finds nothing lost while nothing is, over restarts and with others', async () => {
    for (let n = 0; n < 3; n += 1) {
      const [one, two] = [bridge(), bridge('two')]
      for (let m = 0; m < 3; m += 1) await Promise.all([one.look(), two.look(), one.look()])
      expect([...one.losses, ...two.losses, ...one.errors]).toEqual([])
      expect(one.watch.doubtBefore()).toBe(0)
    }
  })

  it('notices that it was emptied, once in each process, also in the next one', async () => {
    const [one, two] = [bridge(), bridge('two')]
    await one.look()
    await two.look()
    await redis.flushall()
    now += 10_000
    await bridge().look()
    for (let n = 0; n < 2; n += 1) await two.look()
    const next = bridge('one')
    await next.look()
    expect(what(two.losses)).toEqual(['some'])
    expect(two.watch.lately()).toBeDefined()
    expect(next.losses).toEqual([])
  })

  it('notices an older state, however little older, and tells the other processes', async () => {
    const [one, two] = [bridge(), bridge('two')]
    await one.look()
    await two.look()
    const copy = await redis.dumpBuffer('wc:marker')
    now += 5_000
    await one.look()
    await redis.restore('wc:marker', 0, copy, 'REPLACE')
    now += 1_000
    for (let n = 0; n < 3; n += 1) await one.look()
    for (let n = 0; n < 3; n += 1) await two.look()
    expect(what(one.losses)).toEqual(['some'])
    expect(what(two.losses)).toEqual(['some'])
    expect(one.losses[0]?.id).toBe(two.losses[0]?.id)
    // What came until it was last known to be whole may have been done.
    expect(one.watch.doubtBefore()).toBe(1_005_000)
    expect(two.watch.doubtBefore()).toBe(1_005_000)
  })

  it('takes a file that cannot be read for none', async () => {
    await writeFile(join(dir, 'one.json'), '{"epoch":')
    const one = bridge()
    await one.look()
    await one.look()
    expect([...one.losses, ...one.errors]).toEqual([])
  })

  it('goes on when its key holds something else, and says so', async () => {
    await redis.set('wc:marker', 'not of the bridge')
    const one = bridge()
    await one.look()
    expect(one.errors).toHaveLength(1)
    await redis.del('wc:marker')
    await one.look()
    expect(one.losses).toEqual([])
  })

  it('leaves no doubt about what comes now when a clock was ahead as it happened', async () => {
    const one = bridge()
    now += 365 * 86_400_000
    await one.look()
    await redis.flushall()
    await one.look()
    now = 1_000_000
    expect(one.watch.doubtBefore()).toBe(0)
  })
})

it.each(['all', 'some'] as const)('says what it means that %s was lost', (lost) => {
  const words = (remembers: 'file' | 'redis') =>
    lossInWords({ what: lost, id: 'a', at: 1 }, remembers)
  expect(words('file')).toMatch(/looked for in Chatwoot and sent/)
  expect(words('redis')).toMatch(/not sent by itself any more/)
})
