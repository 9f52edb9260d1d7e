import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Takes note of bytes that have passed and are garbage now. */
export type Sweep = (bytes: number) => void

/** Buffers that may pile up in between. */
const EVERY_BYTES = 4_000_000

/**
 * Keeps memory flat while files pass. Their chunks lie outside V8's heap, which only counts them
 * towards a full collection, after 64 MB; until then a process that holds nothing grows by that
 * much. A young collection takes about a millisecond and frees them: they never live to be old.
 */
export function createSweep(collect: () => void = youngCollection()): Sweep {
  let passed = 0
  return (bytes) => {
    passed += bytes
    if (passed < EVERY_BYTES) return
    passed = 0
    collect()
  }
}

/** V8 has no other door to its collector from inside; the flag only makes the function visible. */
function youngCollection(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: (options: { type: 'minor' }) => void = runInNewContext('gc')
  return () => collect({ type: 'minor' })
}
