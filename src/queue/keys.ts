import { type Lane, laneName } from './entry.ts'

export function laneIndexKey(prefix: string, lane: Pick<Lane, 'direction' | 'account'>): string {
  return `${prefix}lanes:${lane.direction}:${lane.account}`
}

/** What a lane is made of in Redis: order, entries, index and waiting, as the scripts take them. */
export function laneRedisKeys(prefix: string, lane: Lane): [string, string, string, string] {
  return [
    `${prefix}lane:${laneName(lane)}:order`,
    `${prefix}lane:${laneName(lane)}:entries`,
    laneIndexKey(prefix, lane),
    `${prefix}waiting`,
  ]
}

/** Of the hash with what is in hand, and what processes died with. */
export function inHandKey(prefix: string): string {
  return `${prefix}in-hand`
}
