import { setImmediate as breathe, setTimeout as wait } from 'node:timers/promises'
import { awayReason } from '../../redis/away.ts'
import type { Spool } from './spool.ts'

/** Brings what waits in the spool into the lanes. */
export type SpoolPlayer = {
  /** Tries once; true when nothing is left. */
  once(): Promise<boolean>
  /** Tries until nothing is left. Doing it again meanwhile changes nothing. */
  play(): void
  /** Redis is back: tries now instead of at the next attempt. */
  resume(): void
  close(): Promise<void>
}

export type SpoolPlayerOptions<T> = {
  spool: Spool<T>
  /** Resolves when whatever was begun before has ended: nothing is put while it may still be on its way. */
  ready: () => Promise<void>
  /** Resolves with how many of them it took, the first ones and one at least. */
  put: (items: T[]) => Promise<number>
  /** All of it is in the lanes. */
  onEmpty: () => void
  /** Something else than Redis being away keeps it from being played. It is tried again. */
  onError: (error: unknown) => void
}

/** `more`: all there was is in the lanes, and some more is on its way in. */
type Result = 'empty' | 'more' | 'refused'

const RETRY_MS = 250
const MAX_RETRY_MS = 1_000
/** Redis may be silent for longer than the end of the bridge can wait for it. */
const CLOSING_MS = 1_500

export function createSpoolPlayer<T>(options: SpoolPlayerOptions<T>): SpoolPlayer {
  const { spool, ready, put, onEmpty, onError } = options
  const closing = new AbortController()
  const closed = Promise.withResolvers<never>()
  closed.promise.catch(() => {})
  let attempt: Promise<Result> | undefined
  let playing: Promise<void> | undefined
  let soon = new AbortController()

  async function deliver(items: T[]): Promise<number> {
    await ready()
    closing.signal.throwIfAborted()
    return put(items)
  }

  async function drain(): Promise<Result> {
    try {
      await spool.drain((items) => Promise.race([deliver(items), closed.promise]))
    } catch (error) {
      if (awayReason(error) === undefined && !closing.signal.aborted) onError(error)
      return 'refused'
    }
    if (spool.isHolding()) return 'more'
    onEmpty()
    return 'empty'
  }

  /** Never twice at once: both would hand over the same, and forget what neither did. */
  function tryOnce(): Promise<Result> {
    attempt ??= drain().finally(() => {
      attempt = undefined
    })
    return attempt
  }

  async function pause(ms: number): Promise<void> {
    const { signal } = soon
    await wait(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    soon = new AbortController()
  }

  async function playAll(): Promise<void> {
    for (let ms = RETRY_MS; !closing.signal.aborted; ) {
      const result = await tryOnce()
      if (result === 'empty') return
      if (result === 'refused') {
        await pause(ms)
        ms = Math.min(2 * ms, MAX_RETRY_MS)
      } else {
        // What is on its way in needs the disk, which gets its turn only now.
        await breathe()
      }
    }
  }

  function play(): void {
    playing ??= playAll()
      .catch(onError)
      .finally(() => {
        playing = undefined
        if (spool.isHolding() && !closing.signal.aborted) play()
      })
  }

  return {
    once: async () => (await tryOnce()) === 'empty',
    play,
    resume: () => soon.abort(),
    async close() {
      closing.abort()
      soon.abort()
      const timer = setTimeout(() => closed.reject(closing.signal.reason), CLOSING_MS)
      await Promise.all([playing, attempt])
      clearTimeout(timer)
    },
  }
}
