import type { Clock } from '../../clock.ts'
import type { AccountId, MessageId } from '../../ids.ts'

/**
 * Which of Chatwoot's updates the bridge itself has caused: each status it tells comes back as one, and needs no look at
 * the message. A miscount costs one look too many, or leaves something to the next sweep.
 */
export type OwnUpdates = {
  expect(account: AccountId, message: MessageId): void
  /** True when the update is one of those, which then is over. */
  take(account: AccountId, message: MessageId): boolean
}

/** Webhooks come within seconds. */
const EXPECTED_FOR_MS = 60_000
const MOST = 10_000

export function createOwnUpdates({ clock }: { clock: Clock }): OwnUpdates {
  const expected = new Map<string, { count: number; until: number }>()

  function of(name: string): { count: number; until: number } | undefined {
    const found = expected.get(name)
    if (found === undefined || found.until > clock.now()) return found
    expected.delete(name)
    return undefined
  }

  return {
    expect(account, message) {
      const name = `${account}:${message}`
      const count = (of(name)?.count ?? 0) + 1
      expected.delete(name)
      expected.set(name, { count, until: clock.now() + EXPECTED_FOR_MS })
      const [oldest] = expected.keys()
      if (expected.size > MOST && oldest !== undefined) expected.delete(oldest)
    },
    take(account, message) {
      const name = `${account}:${message}`
      const found = of(name)
      if (found === undefined) return false
      found.count -= 1
      if (found.count === 0) expected.delete(name)
      return true
    },
  }
}
