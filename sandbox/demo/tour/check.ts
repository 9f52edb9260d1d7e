import type { Logger } from '../../../src/kernel/log.ts'
import type { Breakage } from '../breakages.ts'
import { startDemoWorld } from '../world.ts'
import { runTour, type TourListener } from './run-tour.ts'
import type { StepResult } from './step.ts'
import { STEPS } from './steps.ts'

/** Short, because the tour waits for a webhook that comes again after the bridge was away. */
const RETRY_MS = 150

/** Starts a world, takes the tour through it and removes everything again, also when `signal` aborts. */
export async function checkDemo(options: {
  log: Logger
  listener: TourListener
  signal: AbortSignal
  breakage?: Breakage | undefined
}): Promise<StepResult[]> {
  const { log, breakage, listener, signal } = options
  const world = await startDemoWorld({ log, breakage, retryMs: RETRY_MS })
  try {
    return await runTour(world, STEPS, { listener, signal })
  } finally {
    await world.close()
  }
}
