import type { Clock } from '../clock.ts'

/** Chatwoot gives a webhook five seconds. */
const TAKES_MS = 4_000
/** As often as `session/refresh` asks the platforms. */
const EVERY_MS = 15_000
/** Names that strangers make up are forgotten again, and may be long. */
const MOST_NAMES = 1_000
const LONGEST_NAME = 200

/**
 * Looks again for what a webhook may prove itself with: a secret that does not match may be new, so the platform is asked
 * for it. Resolves with what `find` finds.
 */
export type SecondLook = <T>(
  name: string,
  look: {
    find: () => T | undefined
    /** Brings what `find` looks at up to date; absent where there is nobody to ask for any name. */
    refresh: (() => Promise<unknown>) | undefined
  },
) => Promise<T | undefined>

/**
 * The time a refusal takes does not tell whether the name exists: the first one in a while takes the same four seconds for
 * all of them, whatever the platform does meanwhile, and the following take none. Only what proves itself is through at once.
 */
export function createSecondLook({
  clock,
  takesMs = TAKES_MS,
  everyMs = EVERY_MS,
}: {
  clock: Clock
  takesMs?: number
  everyMs?: number
}): SecondLook {
  const begun = new Map<string, number>()

  /** Milliseconds until this name is refused; 0 when that was done a moment ago. */
  function rest(name: string): number {
    const now = clock.now()
    const since = now - (begun.get(name) ?? Number.NEGATIVE_INFINITY)
    // A clock that was set back must not silence it for hours.
    if (since >= 0 && since < everyMs) return Math.max(0, takesMs - since)
    begun.delete(name)
    begun.set(name, now)
    if (begun.size > MOST_NAMES) begun.delete(begun.keys().next().value ?? '')
    return takesMs
  }

  return async (name, { find, refresh }) => {
    const found = find()
    if (found !== undefined || refresh === undefined) return found
    const key = name.slice(0, LONGEST_NAME)
    const ms = rest(key)
    if (ms === 0) return undefined
    const late = Promise.withResolvers<undefined>()
    const timer = setTimeout(late.resolve, ms, undefined)
    const early = await Promise.race([refresh().then(find), late.promise])
    if (early === undefined) {
      await late.promise
      return find()
    }
    clearTimeout(timer)
    begun.delete(key)
    return early
  }
}
