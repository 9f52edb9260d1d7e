import { setImmediate as breathe, setTimeout as wait } from 'node:timers/promises'
import { TransientError } from '../../kernel/errors.ts'
import type { Spool } from '../../queue/spool/spool.ts'
import { awayReason, refusedCommand } from '../../state/redis/away.ts'

/** Brings what waits in the spool into the lanes. */
export type SpoolReplay = {
  /** Tries once; true when nothing is left. */
  once(): Promise<boolean>
  /** Tries until nothing is left. Doing it again meanwhile changes nothing. */
  play(): void
  /** Resolves when nothing is left, at once when it is not playing. */
  played(): Promise<void>
  /** Redis is back: tries now instead of at the next attempt. */
  resume(): void
  close(): Promise<void>
}

export type SpoolReplayOptions<T> = {
  spool: Spool<T>
  /** Resolves when whatever was begun before has ended: nothing is put while it may still be on its way. */
  ready: () => Promise<void>
  /** Resolves with how many of them it took, the first ones and one at least. */
  put: (items: T[]) => Promise<number>
  /** Does with Redis what putting needs. Rejects when it does not take that. */
  tryOut: () => Promise<void>
  /** One of them that Redis does not take although it takes others: durable elsewhere once resolved. */
  giveUp: (item: T, error: unknown) => Promise<void>
  /** All of it is in the lanes. */
  onEmpty: () => void
  /** It could not go on for this reason. It is tried again. */
  onRefused: (error: unknown) => void
  /** The same, if it is something else than Redis being away. */
  onError: (error: unknown) => void
}

/** `more`: all there was is in the lanes, and some more is on its way in. */
type Result = 'empty' | 'more' | 'refused'

/** How often one is tried that Redis does not take although it is well. */
const TRIES = 3
const RETRY_MS = 250
const MAX_RETRY_MS = 1_000
/** Redis may be silent for longer than the end of the bridge can wait for it. */
const CLOSING_MS = 1_500

export function createSpoolReplay<T>(options: SpoolReplayOptions<T>): SpoolReplay {
  const { spool, ready, onEmpty, onRefused, onError } = options
  const closing = new AbortController()
  const closed = Promise.withResolvers<never>()
  closed.promise.catch(() => {})
  let attempt: Promise<Result> | undefined
  let playing: Promise<void> | undefined
  let soon = new AbortController()

  const putCarefully = createCarefully(options)

  async function deliver(items: T[]): Promise<number> {
    await ready()
    closing.signal.throwIfAborted()
    return putCarefully(items)
  }

  async function drain(): Promise<Result> {
    try {
      await spool.drain((items) => Promise.race([deliver(items), closed.promise]))
    } catch (error) {
      if (closing.signal.aborted) return 'refused'
      onRefused(error)
      if (awayReason(error) === undefined) onError(error)
      return 'refused'
    }
    if (spool.isHolding()) return 'more'
    onEmpty()
    return 'empty'
  }

  /** One attempt at a time: two would hand over the same items, and each might forget what the other has not handed over. */
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
    played: async () => {
      await playing
    },
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

/** Redis answers, and the disk is well: the reason may be in what is put. */
function isAboutOne(error: unknown): boolean {
  if (refusedCommand(error) !== undefined) return true
  return awayReason(error) === undefined && !(error instanceof TransientError)
}

/**
 * Something among many is not taken: the first of them is put alone. If it is that one, time after time and while Redis takes
 * others, it is given up, so that the rest goes on.
 */
function createCarefully<T>({ put, tryOut, giveUp }: SpoolReplayOptions<T>) {
  let tried = 0

  async function putFirst([first]: T[]): Promise<number> {
    const item = first as T
    try {
      await put([item])
    } catch (error) {
      if (!isAboutOne(error)) throw error
      await tryOut()
      tried += 1
      if (tried < TRIES) throw error
      await giveUp(item, error)
    }
    tried = 0
    return 1
  }

  return (items: T[]): Promise<number> =>
    put(items).catch((error: unknown) => {
      if (!isAboutOne(error)) throw error
      return putFirst(items)
    })
}
