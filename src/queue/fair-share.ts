import type { AccountId } from '../kernel/ids.ts'
import { type Direction, type Lane, laneName, laneOf } from './entry.ts'
import type { Lanes } from './lanes.ts'

/** A lane that is to be looked at; `now` even when it waits for a retry. */
export type Look = { lane: Lane; now: boolean }

/**
 * Who may take a turn. Every account has slots of its own, so that one whose platform hangs keeps only itself waiting;
 * and a lane never has two turns at once in this process, not even when Redis lost its job and it was made anew.
 */
type FairShare = {
  /** Takes a slot. `busy`: the lane has its turn already and gets another one; `full`: it waits for a free slot. */
  take(lane: Lane): 'taken' | 'busy' | 'full'
  /** The turn is over: which lanes are next. They are to be looked at now, or slots would stay empty. */
  release(lane: Lane): Lane[]
  /** Lets the lane wait when its account has no slot free; false when it has. */
  park(look: Look): boolean
  /** Resolves when the account remembers few enough lanes to be shown more of them. */
  room(account: AccountId): Promise<void>
  /** Calls `listener` when there is room again for lanes that had to be refused; `now`: one of them was to be looked at now. */
  onRoom(listener: (account: AccountId, now: boolean) => void): void
}

type Share = {
  inHand: Set<string>
  /** Were to be looked at while they had their turn. */
  again: Set<string>
  /** Wait for a slot, the longest waiting first. */
  parked: Set<string>
  /** Some lane found no room among the parked ones: whether one of them was to be looked at now. */
  refused: { now: boolean } | undefined
  waiting: (() => void)[]
}

/** Lanes remembered per account; all others are found in Redis when there is room again. */
const MAX_PARKED = 1_000
const ENOUGH = MAX_PARKED / 2

export function createFairShare(options: { perAccount: number }): FairShare {
  const shares = new Map<AccountId, Share>()
  const listeners: ((account: AccountId, now: boolean) => void)[] = []

  function shareOf(account: AccountId): Share {
    const share = shares.get(account) ?? {
      inHand: new Set(),
      again: new Set(),
      parked: new Set(),
      refused: undefined,
      waiting: [],
    }
    shares.set(account, share)
    return share
  }

  function park(share: Share, name: string, now: boolean): boolean {
    if (share.inHand.size < options.perAccount) return false
    if (share.parked.has(name) || share.parked.size < MAX_PARKED) share.parked.add(name)
    else share.refused = { now: now || share.refused?.now === true }
    return true
  }

  function makeRoom(account: AccountId, share: Share): void {
    if (share.parked.size > ENOUGH) return
    for (const go of share.waiting.splice(0)) go()
    const { refused } = share
    share.refused = undefined
    if (refused === undefined) return
    for (const listener of listeners) listener(account, refused.now)
  }

  return {
    take(lane) {
      const share = shareOf(lane.account)
      const name = laneName(lane)
      if (share.inHand.has(name)) {
        share.again.add(name)
        return 'busy'
      }
      if (park(share, name, false)) return 'full'
      share.parked.delete(name)
      share.inHand.add(name)
      return 'taken'
    },

    release(lane) {
      const share = shareOf(lane.account)
      const name = laneName(lane)
      share.inHand.delete(name)
      // Behind those that have waited longer.
      if (share.again.delete(name)) share.parked.add(name)
      const next = [...share.parked].slice(0, options.perAccount - share.inHand.size)
      for (const parked of next) share.parked.delete(parked)
      makeRoom(lane.account, share)
      return next.map(laneOf)
    },

    park: ({ lane, now }) => park(shareOf(lane.account), laneName(lane), now),

    async room(account) {
      const share = shareOf(account)
      if (share.parked.size <= ENOUGH) return
      await new Promise<void>((go) => share.waiting.push(go))
    },

    onRoom: (listener) => void listeners.push(listener),
  }
}

/** Goes through all lanes of an account that hold something, to have each of them looked at. */
type Walks = {
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
  fairShare: Pick<FairShare, 'room'>
  look: (look: Look) => Promise<void>
  onError: (error: unknown) => void
}): Walks {
  const { lanes, direction, fairShare, look, onError } = options
  const underWay = new Set<AccountId>()
  const wanted = new Map<AccountId, boolean>()

  async function walk(account: AccountId, now: boolean): Promise<void> {
    let from = '0'
    do {
      await fairShare.room(account)
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
