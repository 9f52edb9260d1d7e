import type { Ref } from './ref-table.ts'
import type { Segment } from './segment.ts'
import { MOST_ENTRIES } from './segment-file.ts'

/** The segments in memory, each in a numbered place. A ref is place and position in one number. */
export type Shelf = {
  /** Oldest first. */
  readonly inOrder: readonly Segment[]
  /** Puts the newest segment in the first free place. */
  add(segment: Segment): void
  remove(segment: Segment): void
  refOf(segment: Segment, position: number): Ref
  /** Refs of all positions of a segment. */
  refs(segment: Segment): Ref[]
  line(ref: Ref): string
}

/** Makes an empty shelf. */
export function createShelf(): Shelf {
  const places: (Segment | undefined)[] = []
  const inOrder: Segment[] = []
  const refOf = (place: number, position: number): Ref => place * MOST_ENTRIES + position

  return {
    inOrder,
    add: (segment) => {
      const free = places.indexOf(undefined)
      places[free === -1 ? places.length : free] = segment
      inOrder.push(segment)
    },
    remove: (segment) => {
      places[places.indexOf(segment)] = undefined
      inOrder.splice(inOrder.indexOf(segment), 1)
    },
    // From the end: the segment that takes entries is nearly always in the last place.
    refOf: (segment, position) => refOf(places.lastIndexOf(segment), position),
    refs: (segment) => {
      const place = places.indexOf(segment)
      return Array.from({ length: segment.size() }, (_, position) => refOf(place, position))
    },
    line: (ref) => {
      const segment = places[Math.floor(ref / MOST_ENTRIES)]
      if (segment === undefined) throw new Error(`No segment holds the entry ${ref}.`)
      return segment.line(ref % MOST_ENTRIES)
    },
  }
}
