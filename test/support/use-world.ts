import { afterAll, afterEach, beforeAll, onTestFinished } from 'vitest'
import type { Person } from '../../sandbox/wasender/people.ts'
import { startWorld, type World, type WorldOptions } from './world.ts'

/**
 * A world that the tests of a file or of a `describe` share, each with customers of its own: starting one takes longer than
 * most tests. Faults end with the test that added them; whatever else a test changes of the world it puts back.
 */
export function useWorld(options?: WorldOptions): () => World {
  let world: World | undefined
  beforeAll(async () => {
    world = await startWorld(options)
  })
  afterEach(() => {
    world?.wasender.faults.clear()
    world?.chatwoot.faults.clear()
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
  // In a range of their own: the stand-in gives LIDs as well, to whoever comes without one.
  const lid = String(189_976_000_000_000 + customers)
  const person = wasender.person({ phone, lid, name })
  return { ...person, phone, lid, name, jid: `${phone.slice(1)}@s.whatsapp.net` }
}

export type Customer = Person & { phone: string; lid: string; name: string; jid: string }

/** What comes into a world from now on, oldest first: tests before have left something in it. */
export function fromNowOn({ wasender, chatwoot }: World) {
  const isNewContact = absentFrom(chatwoot.contacts())
  const isNewConversation = absentFrom(chatwoot.conversations())
  const isNewMessage = absentFrom(chatwoot.allMessages())
  const calls = new Set(wasender.calls)
  const chatwootCalls = chatwoot.calls.length
  const callsTo = (...to: Parameters<typeof wasender.callsTo>) =>
    wasender.callsTo(...to).filter((call) => !calls.has(call))
  return {
    contacts: () => chatwoot.contacts().filter(isNewContact),
    conversations: () => chatwoot.conversations().filter(isNewConversation),
    messages: () => chatwoot.allMessages().filter(isNewMessage),
    /** Requests to the gateway. */
    callsTo,
    countOf: (...to: Parameters<typeof callsTo>) => callsTo(...to).length,
    /** Requests to Chatwoot. */
    chatwootCalls: () => chatwoot.calls.slice(chatwootCalls),
  }
}

export type FromNowOn = ReturnType<typeof fromNowOn>

function absentFrom(rows: readonly { id: number }[]) {
  const ids = new Set(rows.map(({ id }) => id))
  return ({ id }: { id: number }) => !ids.has(id)
}
