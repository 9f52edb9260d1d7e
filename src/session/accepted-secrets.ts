import type { Clock } from '../clock.ts'

/** Webhooks that were under way when a secret was changed, and those a platform still repeats. */
const GRACE_MS = 10 * 60_000

/** The secrets that are accepted at a time: the current ones, and for a while those they replaced. */
export function acceptedSecrets(options: { initial: readonly string[]; clock: Clock }) {
  const { clock } = options
  let current = options.initial
  let former: { secret: string; until: number }[] = []

  const isGood = ({ until }: { until: number }) => clock.now() < until
  return {
    all: (): readonly string[] => [
      ...current,
      ...former.filter(isGood).map(({ secret }) => secret),
    ],
    replace(next: readonly string[]): void {
      const until = clock.now() + GRACE_MS
      const gone = current.filter((secret) => !next.includes(secret))
      const still = former.filter((each) => isGood(each) && !next.includes(each.secret))
      former = [...still, ...gone.map((secret) => ({ secret, until }))]
      current = next
    },
  }
}
