import type { DemoWorld } from '../world.ts'
import type { Step, StepResult } from './step.ts'

export type TourListener = {
  onBegin(step: Step): void
  onEnd(result: StepResult): void
}

/** After so much time in steps that failed the others are skipped, so that a broken bridge is told of soon. */
const PATIENCE_MS = 45_000

/** Runs the steps one after the other. Never throws because of a step; rejects when `signal` aborts. */
export async function runTour(
  world: DemoWorld,
  steps: readonly Step[],
  { listener, signal }: { listener: TourListener; signal: AbortSignal },
): Promise<StepResult[]> {
  const results: StepResult[] = []
  let lost = 0
  const { aborted, forget } = rejectOn(signal)
  try {
    for (const step of steps) {
      listener.onBegin(step)
      const isHopeless = lost > PATIENCE_MS
      const result = isHopeless
        ? skipped(step)
        : await Promise.race([attempt(world, step), aborted])
      if (result.result === 'failed') lost += result.ms
      results.push(result)
      listener.onEnd(result)
    }
  } finally {
    forget()
  }
  return results
}

async function attempt(world: DemoWorld, step: Step): Promise<StepResult> {
  const { name, direction } = step
  const started = performance.now()
  const elapsed = () => Math.round(performance.now() - started)
  try {
    await step.run(world)
    return { name, direction, result: 'passed', ms: elapsed() }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { name, direction, result: 'failed', ms: elapsed(), problem }
  }
}

const skipped = ({ name, direction }: Step): StepResult => ({
  name,
  direction,
  result: 'skipped',
  ms: 0,
})

function rejectOn(signal: AbortSignal) {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  // Between two steps nobody waits for it, which must not count as an unhandled error.
  aborted.catch(() => undefined)
  if (signal.aborted) onAbort()
  return { aborted, forget: () => signal.removeEventListener('abort', onAbort) }
}
