import type { AccountId } from '../../ids.ts'
import type { Direction, Lanes } from './lanes.ts'
import type { Look, Slots } from './slots.ts'

/** Goes through all lanes of an account that hold something, to have each of them looked at. */
export type Walks = {
  /** At once, or after the walk that is under way, which may have passed the lane in question. */
  begin(account: AccountId, now: boolean): void
}

/**
 * The index of lanes is read a page at a time and only as fast as the account takes turns, so that neither the memory nor
 * the accounts beside it feel how much an account has waiting.
 */
export function createWalks(options: {
  lanes: Pick<Lanes, 'page'>
  direction: Direction
  slots: Pick<Slots, 'room'>
  look: (look: Look) => Promise<void>
  onError: (error: unknown) => void
}): Walks {
  const { lanes, direction, slots, look, onError } = options
  const underWay = new Set<AccountId>()
  const wanted = new Map<AccountId, boolean>()

  async function walk(account: AccountId, now: boolean): Promise<void> {
    let from = '0'
    do {
      await slots.room(account)
      const page = await lanes.page(direction, account, from)
      await Promise.all(page.lanes.map((lane) => look({ lane, now })))
      from = page.cursor
    } while (from !== '0')
  }

  async function walkAll(account: AccountId): Promise<void> {
    underWay.add(account)
    for (let now = wanted.get(account); now !== undefined; now = wanted.get(account)) {
      wanted.delete(account)
      await walk(account, now).catch(onError)
    }
    underWay.delete(account)
  }

  return {
    begin(account, now) {
      wanted.set(account, now || wanted.get(account) === true)
      if (!underWay.has(account)) void walkAll(account)
    },
  }
}
