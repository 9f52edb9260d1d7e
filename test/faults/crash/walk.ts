import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CrashPoint } from '../../../src/kernel/crash-points.ts'
import { type Fleet, startFleet } from '../../support/fleet.ts'
import { checkLedgers } from '../ledger/check.ts'
import type { Said } from '../ledger/types.ts'
import { type Customer, customersOf } from '../soak/people.ts'
import { settle } from '../soak/settle.ts'
import { createSupervisor } from '../soak/supervisor.ts'
import { pointsOf, type Scenario, sayHello } from './scenarios.ts'

/** A point that is not reached by then never is. */
const REACHED_WITHIN_MS = 10_000

/** Stops the bridge at the points of a scenario, lets it go on each time and looks at both ledgers. */
export function walkThrough(
  scenario: Scenario,
  points: readonly CrashPoint[] = pointsOf(scenario),
): void {
  describe(`kill -9 on the way of ${scenario.name}`, () => {
    let fleet: Fleet
    const said: Said[] = []
    const phones = new Set<string>()

    beforeAll(async () => {
      fleet = await startFleet()
    })
    afterAll(() => fleet.close())

    /** Says something and waits until both sides have it, with a bridge that is not stopped. */
    async function finish(one: Said) {
      said.push(one)
      const supervisor = createSupervisor(fleet)
      const ledgers = await settle({ fleet, supervisor, said, phones })
      expect(supervisor.crashes).toEqual([])
      supervisor.release()
      expect(checkLedgers(said, ledgers)).toEqual([])
    }

    /** Somebody who has written before, or somebody new for every point. */
    async function customerFor(point: CrashPoint): Promise<Customer> {
      const seed = scenario.known ? 0 : pointsOf(scenario).indexOf(point) + 1
      const customer = customersOf(fleet, seed, 1)[0]!
      const isNew = !phones.has(customer.phone)
      phones.add(customer.phone)
      if (scenario.known && isNew) await finish(await sayHello(fleet, customer))
      return customer
    }

    it.each(points)('%s', { timeout: 60_000 }, async (point) => {
      const customer = await customerFor(point)
      await fleet.bridge.kill()
      await fleet.restart({ NODE_ENV: 'test', BRIDGE_CRASH_AT: point })
      scenario.prepare?.(fleet)
      const one = await scenario.say(fleet, customer, `said${point.replaceAll('.', '')}z`)
      expect(await endOf(fleet)).toBe('SIGKILL')
      await fleet.restart()
      await finish(one)
    })
  })
}

async function endOf({ bridge }: Fleet): Promise<NodeJS.Signals | number> {
  const never = pause(REACHED_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new Error('The bridge never came to this point')
  })
  return Promise.race([bridge.ended, never])
}
