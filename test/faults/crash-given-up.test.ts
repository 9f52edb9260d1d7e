import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Fleet, startFleet } from '../support/fleet.ts'

let fleet: Fleet
beforeAll(async () => {
  fleet = await startFleet()
})
afterAll(() => fleet.close())

async function failures(): Promise<number> {
  const metrics = await (await fetch(`${fleet.bridge.url}/metrics`)).text()
  const found = /^bridge_failures\{[^}]*direction="in"[^}]*\} (\d+)$/m.exec(metrics)
  return Number(found?.[1] ?? 0)
}

it.each([
  ['before', 1],
  ['after', 2],
])('a message that is given up is a dead letter after kill -9 %s that', async (when, count) => {
  const [chatwoot] = fleet.chatwoots
  await fleet.bridge.stop()
  await fleet.restart({ NODE_ENV: 'test', BRIDGE_CRASH_AT: `failures.add.${when}` })
  chatwoot!.faults.add({ kind: 'answer', status: 422, body: { message: 'No.' }, method: 'POST' })
  const { delivered } = fleet.wasender.person({ phone: '+15550001111' }).sendText('Hello')
  expect(await fleet.bridge.ended).toBe('SIGKILL')
  await fleet.restart()
  await delivered
  await expect.poll(failures).toBe(count)
})
