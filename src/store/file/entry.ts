/** One version of one id, as the segments hold it. */
export type Entry<T> = {
  id: string
  /** Counts up with every new id and stays with it: the order of `findBy`. */
  seq: number
  /** Milliseconds since 1970 when this version was written: what retention goes by. */
  at: number
  /** `null` says that the id was deleted. */
  value: T | null
}

/** The entry as one line of JSON: `[id, seq, at, value]`. */
export function encodeEntry(entry: Entry<unknown>): string {
  return JSON.stringify([entry.id, entry.seq, entry.at, entry.value])
}

/**
 * The entry of a line that {@link encodeEntry} made; a fresh copy each time. The value's type is trusted: the
 * file's version says which release wrote it, and `segment-file.ts` has checked the rest.
 */
export function decodeEntry<T>(line: string): Entry<T> {
  const [id, seq, at, value] = JSON.parse(line) as [string, number, number, T | null]
  return { id, seq, at, value }
}

/** What stands in the place of an entry that was erased: it has no id, and its number no entry has. */
export function erasedLine(line: string): string {
  return encodeEntry({ id: '', seq: 0, at: decodeEntry(line).at, value: null })
}

export function isErased({ seq }: Pick<Entry<unknown>, 'seq'>): boolean {
  return seq === 0
}
