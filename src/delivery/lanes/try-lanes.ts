import type { AccountId } from '../../ids.ts'
import type { Lane, Lanes } from './lanes.ts'

/** A lane of no account: ids of accounts are never empty. */
const TRIAL: Lane = { direction: 'in', account: '' as AccountId, key: 'trial' }

/** Takes the way of a webhook through Redis: appends to a lane, looks at it, removes what is there. */
export async function tryLanes(lanes: Pick<Lanes, 'append' | 'head' | 'remove'>): Promise<void> {
  await lanes.append([{ lane: TRIAL, order: 0, receivedAt: 0, event: {} }])
  for (let entry = await lanes.head(TRIAL); entry; entry = await lanes.head(TRIAL)) {
    await lanes.remove(TRIAL, entry.id)
  }
}
