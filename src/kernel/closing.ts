import { withTimeout } from './async.ts'
import type { Logger } from './log.ts'

/** What has to be closed when the bridge ends. */
export type Closing = {
  /**
   * Is closed before everything that was added earlier. It has until so many ms after the wish to stop, and is left then:
   * what was accepted is on disk, and the journal knows what was being sent, as if the process had been killed.
   */
  add(name: string, byMs: number, close: () => Promise<void>): void
  /** Closes everything. What fails or hangs keeps nothing else from being closed. */
  close(): Promise<void>
}

export function createClosing(log: Logger): Closing {
  const parts: { name: string; byMs: number; close: () => Promise<void> }[] = []

  return {
    add: (name, byMs, close) => void parts.push({ name, byMs, close }),
    async close() {
      const began = performance.now()
      for (const { name, byMs, close } of parts.splice(0).reverse()) {
        const left = Math.max(0, byMs - (performance.now() - began))
        try {
          await withTimeout(left, close(), () => {
            log.warn(
              { part: name },
              'Stopping takes too long: what is in hand is left for the next start',
            )
          })
        } catch (err) {
          log.error({ err, part: name }, 'Something could not be stopped properly')
        }
      }
    },
  }
}
