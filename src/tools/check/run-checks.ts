import { withTimeout } from '../../kernel/async.ts'
import { BridgeError } from '../../kernel/errors.ts'
import { summarizeError } from '../../kernel/log.ts'
import { type Check, type CheckResult, type Finding, failed, skipped } from './check.ts'

export type RunOptions = {
  /** For each check by itself. */
  timeoutMs: number
  onStart?: (check: { id: string; title: string }) => void
  onDone?: (result: CheckResult) => void
}

/** Runs all checks side by side, each as soon as those it needs are done. The results keep the table's order. */
export function runChecks<Context>(
  checks: readonly Check<Context>[],
  context: Context,
  options: RunOptions,
): Promise<CheckResult[]> {
  const running = new Map<string, Promise<CheckResult>>()
  for (const check of checks) {
    const needs = (check.needs ?? []).map((id) => {
      const need = running.get(id)
      if (need === undefined) throw new Error(`${check.id} needs ${id}, which stands behind it`)
      return need
    })
    running.set(check.id, run(check, context, needs, options))
  }
  return Promise.all(running.values())
}

async function run<Context>(
  check: Check<Context>,
  context: Context,
  needs: readonly Promise<CheckResult>[],
  { timeoutMs, onStart, onDone }: RunOptions,
): Promise<CheckResult> {
  const { id, title } = check
  const obstacle = (await Promise.all(needs)).map(obstacleIn).find((each) => each !== undefined)
  if (obstacle === undefined) onStart?.({ id, title })
  const findings =
    obstacle === undefined ? await findingsOf(check, context, timeoutMs) : [skipped(obstacle)]
  const result = { id, title, findings }
  onDone?.(result)
  return result
}

/** Why a check behind this one cannot be run. */
function obstacleIn({ title, findings }: CheckResult): string | undefined {
  if (findings.some(({ level }) => level === 'failed')) return `"${title}" failed`
  const [first] = findings
  return first?.level === 'skipped' ? first.found : undefined
}

async function findingsOf<Context>(
  check: Check<Context>,
  context: Context,
  timeoutMs: number,
): Promise<readonly Finding[]> {
  try {
    return await withTimeout(timeoutMs, check.run(context), () => [tooSlow(check.id, timeoutMs)])
  } catch (error) {
    return [unexpected(check.id, error)]
  }
}

const tooSlow = (id: string, timeoutMs: number) =>
  failed(`${id}.timeout`, `No result within ${timeoutMs / 1000} s.`, 'Run the check again.')

/** Nothing a check foresaw. The bridge's own errors say how to mend them. */
function unexpected(id: string, error: unknown): Finding {
  const reason = summarizeError(error)
  const code = error instanceof BridgeError ? error.code : `${id}.unexpected`
  return failed(code, `It could not be found out: ${reason}`, 'Run the check again.')
}
