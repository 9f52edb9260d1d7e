/**
 * What kind of stored thing cannot be read: lines of the spool, records of the store, what waits in a lane, dead letters,
 * or one of the smaller things that are kept in Redis for a while.
 */
export type SetAsideKind = 'spool' | 'store' | 'lane' | 'failure' | 'memory'

export const SET_ASIDE_KINDS: readonly SetAsideKind[] = [
  'spool',
  'store',
  'lane',
  'failure',
  'memory',
]

/**
 * Something stored that cannot be read. It was moved to where it stops nothing, and is kept there. Never says what stands
 * in it.
 */
export type SetAside = {
  what: SetAsideKind
  /** The file, or the key in Redis. */
  where: string
  /** The first damaged line of the file, counted from 1; absent when it is about all of the file, or no file. */
  line?: number
  /** How many lines or records. */
  count: number
}

export type OnSetAside = (news: SetAside) => void
