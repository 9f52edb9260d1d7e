import type { CheckResult, Level } from './check.ts'

/** What belongs together: the bridge itself, or one account. */
export type Group = {
  /** `null` for what concerns the whole bridge. */
  account: string | null
  checks: readonly CheckResult[]
}

/** What `check --json` prints. */
export type Report = {
  /** Nothing failed; warnings do not count. */
  ok: boolean
  counts: Record<Level, number>
  groups: readonly Group[]
}

export function reportOf(groups: readonly Group[]): Report {
  const counts: Report['counts'] = { ok: 0, warning: 0, failed: 0, skipped: 0 }
  for (const { checks } of groups) {
    for (const { level } of checks.flatMap(({ findings }) => findings)) counts[level] += 1
  }
  return { ok: counts.failed === 0, counts, groups }
}
