/** Seeded randomness, so that a failing run can be repeated. Never used for real secrets. */
export type Random = {
  /** At least 0, less than 1. */
  next(): number
  /** A whole number between `min` and `max`, both included. */
  between(min: number, max: number): number
  bytes(count: number): Buffer
  /** Upper-case hexadecimal id of `length` characters starting with `prefix`, as WhatsApp's key ids. */
  keyId(prefix: string, length: number): string
  shuffle<T>(items: readonly T[]): T[]
}

/** mulberry32: small, fast and good enough for ids and shuffles of a sandbox. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => between(0, 255)))

  return {
    next,
    between,
    bytes,
    keyId: (prefix, length) => {
      const rest = length - prefix.length
      const hex = bytes(Math.ceil(rest / 2)).toString('hex')
      return prefix + hex.slice(0, rest).toUpperCase()
    },
    shuffle: (items) =>
      items
        .map((item) => ({ item, rank: next() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }) => item),
  }
}
