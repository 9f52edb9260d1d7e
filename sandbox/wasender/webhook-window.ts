import type { Random } from './random.ts'
import type { Tasks } from './tasks.ts'

type Job = () => Promise<void>
type Waiting = { run: Job; done: () => void; failed: (error: unknown) => void }

/** Collects jobs for a while, then runs them one by one in another order. */
export type Window = {
  /** The first job of a window decides how long it stays open. Resolves when the job has run. */
  add(windowMs: number, job: Job): Promise<void>
}

export function createWindow(random: Random, tasks: Tasks): Window {
  let waiting: Waiting[] = []

  async function flushAfter(windowMs: number): Promise<void> {
    await tasks.pause(windowMs)
    const jobs = waiting
    waiting = []
    for (const { run, done, failed } of reordered(jobs, random)) await run().then(done, failed)
  }

  return {
    add: (windowMs, run) =>
      new Promise((done, failed) => {
        waiting.push({ run, done, failed })
        if (waiting.length === 1) void flushAfter(windowMs)
      }),
  }
}

/** A shuffle that is never the order it was given, because a test that asks for disorder wants it. */
function reordered(jobs: Waiting[], random: Random): Waiting[] {
  const shuffled = random.shuffle(jobs)
  return shuffled.every((job, index) => job === jobs[index]) ? shuffled.reverse() : shuffled
}
