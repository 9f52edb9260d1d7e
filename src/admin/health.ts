import { hintsOf, type ReadinessCheck, runChecks } from '../http/health-routes.ts'

/** What the bridge itself needs, by name, and why it is not there. */
export type Health = {
  /** Everything that was looked at. */
  names: readonly string[]
  problems: Readonly<Record<string, string>>
  /** What somebody should know although it works. */
  hints: Readonly<Record<string, string>>
}

export function createHealth(checks: readonly ReadinessCheck[]): () => Promise<Health> {
  const names = checks.map(({ name }) => name)
  return async () => ({ names, problems: await runChecks(checks), hints: hintsOf(checks) })
}
