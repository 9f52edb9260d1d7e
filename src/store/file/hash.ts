import { randomInt } from 'node:crypto'

/** A 32-bit unsigned hash of a text. */
export type Hash = (text: string) => number

/**
 * Makes a hash (MurmurHash2's mixing, over UTF-16 units). The seed is random, because message ids are chosen
 * by the sender's phone: nobody outside can prepare ids that all land in one place.
 */
export function createHash(seed: number = randomInt(2 ** 32)): Hash {
  return (text) => {
    let hash = seed ^ text.length
    for (let i = 0; i < text.length; i += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x5bd1e995)
      hash ^= hash >>> 15
    }
    hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b)
    return (hash ^ (hash >>> 16)) >>> 0
  }
}
