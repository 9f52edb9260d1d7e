import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { Person } from '../../sandbox/wasender/people.ts'
import { startWorld, type World, type WorldOptions } from './world.ts'

/**
 * A world that the tests of a file or of a `describe` share, each with customers of its own: starting one takes longer than
 * most tests. A test puts back what it changes of it, such as faults.
 */
export function useWorld(options?: WorldOptions): () => World {
  let world: World | undefined
  beforeAll(async () => {
    world = await startWorld(options)
  })
  afterAll(() => world?.close())
  return () => {
    if (world === undefined) throw new Error('There is no world outside of tests')
    return world
  }
}

/** A world for this test alone: for options of its own, or what concerns everybody in it, such as a kill. */
export async function ownWorld(options?: WorldOptions): Promise<World> {
  const world = await startWorld(options)
  onTestFinished(() => world.close())
  return world
}

let customers = 0

/** Somebody who has not written yet. */
export function newCustomer({ wasender }: World, name = 'Maria'): Customer {
  customers += 1
  const phone = `+1555${1_000_000 + customers}`
  const lid = String(189_975_000_000_000 + customers)
  const person = wasender.person({ phone, lid, name })
  return { ...person, phone, lid, name, jid: `${phone.slice(1)}@s.whatsapp.net` }
}

export type Customer = Person & { phone: string; lid: string; name: string; jid: string }
