import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startBridgeProcess } from '../support/bridge-process.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startWorld, type World } from '../support/world.ts'

const PHONE = '+12025550101'
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const SHIFT_CLOCK = join(import.meta.dirname, '../support/shift-clock.ts')
let dir: string
let redis: TestRedis
let world: World

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'redis-'))
  redis = await startRedis({ dir, durable: true })
})
afterEach(async () => {
  await world.close()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
})

const texts = () =>
  world.chatwoot
    .allMessages()
    .filter(({ messageType }) => messageType === 'incoming')
    .map(({ content }) => content)

async function say(...said: string[]): Promise<void> {
  const maria = world.wasender.person({ phone: PHONE, name: 'Maria' })
  for (const text of said) await maria.sendText(text).delivered
}

/** Starts the bridge again with a clock that is wrong by so much. */
async function restart(shiftMs: number): Promise<void> {
  await world.bridge.stop()
  world.bridge = await startBridgeProcess({
    configPath: world.configPath,
    port: world.bridge.port,
    env: { NODE_OPTIONS: `--import ${SHIFT_CLOCK}`, TEST_CLOCK_SHIFT_MS: String(shiftMs) },
  })
}

const attemptsFailed = () =>
  world.bridge.log.filter(({ msg }) => msg === 'An attempt failed and is repeated').length

it.each([
  ['two days', 'file', 2 * DAY],
  ['two days', 'redis', 2 * DAY],
  ['two years', 'redis', 730 * DAY],
  ['half an hour', 'file', 30 * MINUTE],
] as const)(
  'a clock that was ahead by %s, with data.store: %s, holds up nothing',
  async (_what, store, shift) => {
    world = await startWorld({ config: { redis: { url: redis.url }, data: { store } } })
    await restart(shift)
    world.chatwoot.faults.add({ kind: 'answer', status: 503 })
    await say('1')
    await expect.poll(attemptsFailed, { timeout: 20_000 }).toBeGreaterThan(0)
    await restart(0)
    world.chatwoot.faults.clear()
    await say('2')
    await world.chatwoot.waitFor(() => texts().length === 2, { timeoutMs: 40_000 })
    expect(texts()).toEqual(['1', '2'])
    expect(
      world.bridge.log.filter(({ msg }) => /the clock was wrong/.test(msg ?? '')),
    ).toHaveLength(1)

    // An agent whose webhook is lost is caught up with, too.
    world.chatwoot.setWebhookFaults({ dropRate: 1 })
    await world.chatwoot.agent().reply(1, 'a')
    world.chatwoot.setWebhookFaults({})
    await restart(MINUTE)
    await world.wasender.waitFor(() => world.wasender.inbox(PHONE).length === 1, {
      timeoutMs: 30_000,
    })
  },
)

it('a clock that was behind and is put right gives nothing up', async () => {
  world = await startWorld({ config: { redis: { url: redis.url } } })
  await restart(-2 * DAY)
  world.chatwoot.faults.add({ kind: 'answer', status: 503 })
  await say('1')
  await expect.poll(attemptsFailed, { timeout: 20_000 }).toBeGreaterThan(0)
  await restart(0)
  world.chatwoot.faults.clear()
  await say('2')
  await world.chatwoot.waitFor(() => texts().length === 2, { timeoutMs: 40_000 })
  expect(texts()).toEqual(['1', '2'])
})
