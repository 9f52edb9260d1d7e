import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Fleet, startFleet } from '../support/fleet.ts'
import { fuzz } from './fuzz/run.ts'

/** `bench/fuzz.ts` sends 100,000. */
const COUNT = 2_000

let fleet: Fleet
beforeAll(async () => {
  fleet = await startFleet()
})
afterAll(() => fleet.close())

it('takes any webhook: no 5xx, no crash, memory bounded, work goes on', {
  timeout: 120_000,
}, async () => {
  const { bridge, wasender } = fleet
  const { originals, sent, wrong, memory } = await fuzz(fleet, { seed: 1, count: COUNT })
  expect(originals).toBeGreaterThan(25)
  expect(sent).toBe(COUNT)
  expect(wrong).toEqual([])
  expect(memory.peak - memory.early).toBeLessThan(150)
  expect(fleet.bridge).toBe(bridge)
  const { keyId } = wasender.person({ phone: '+15550007777' }).sendText('Still there?')
  const [chatwoot] = fleet.chatwoots
  await chatwoot!.waitFor(
    () => chatwoot!.allMessages().some(({ sourceId }) => sourceId === keyId),
    {
      timeoutMs: 30_000,
    },
  )
})
