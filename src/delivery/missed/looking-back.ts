import type { Redis } from 'ioredis'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Dispatch } from '../dispatch.ts'
import type { Observer } from '../handlers.ts'
import type { OwnIds } from '../inbound/own-ids.ts'
import type { LanePlaces } from '../lanes/lane-places.ts'
import type { Journal } from '../outcome/journal.ts'
import { type Coverage, createCoverage } from './coverage.ts'
import { createGaps, type Gaps } from './gaps.ts'
import { createHorizon, type Horizon } from './history.ts'
import { createLookBehind, type LookBehind } from './look-behind.ts'
import { createMissed } from './missed.ts'
import { createMissedChanges, type MissedChanges } from './missed-changes.ts'

/** What finds agents' messages whose webhook was lost; the look behind and the sweep share what they know. */
export type LookingBack = {
  coverage: Coverage
  gaps: Gaps
  missed: ReturnType<typeof createMissed>
  missedChanges: MissedChanges
  horizonOf: Horizon
  lookBehind: LookBehind
}

export function createLookingBack(deps: {
  redis: Redis
  prefix: string
  clock: Clock
  journal: Journal
  ownIds: OwnIds
  places: LanePlaces
  dispatch: Dispatch
  sinceOf: (account: Account) => Promise<number>
  observer: Observer
}): LookingBack {
  const { clock, observer } = deps
  const shared = {
    coverage: createCoverage(deps),
    gaps: createGaps(),
    missed: createMissed(deps),
    missedChanges: createMissedChanges(deps),
    horizonOf: createHorizon(deps),
  }
  const lookBehind = createLookBehind({
    ...shared,
    clock,
    onFailed: observer.onCatchUpFailed,
    onFound: observer.onCaughtUp,
  })
  return { ...shared, lookBehind }
}
