import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createTasks, type Tasks } from './tasks.ts'

let tasks: Tasks
beforeEach(() => {
  vi.useFakeTimers()
  tasks = createTasks()
})
afterEach(() => {
  tasks.stop()
  vi.useRealTimers()
})

it('runs the jobs of one key in turn, and other keys beside it', async () => {
  const seen: string[] = []
  const job = (name: string, ms: number) => async () => {
    await tasks.pause(ms)
    seen.push(name)
  }
  const all = [
    tasks.inTurn('a', job('a slow', 50)),
    tasks.inTurn('a', job('a quick', 1)),
    tasks.inTurn('b', job('b', 10)),
  ]
  await vi.advanceTimersByTimeAsync(60)
  await Promise.all(all)
  expect(seen).toEqual(['b', 'a slow', 'a quick'])
})

it('goes on after a job that failed, and lets its caller know', async () => {
  const failed = tasks.inTurn('a', async () => {
    throw new Error('broken')
  })
  const next = tasks.inTurn('a', async () => 'done')
  await expect(failed).rejects.toThrow('broken')
  await expect(next).resolves.toBe('done')
})

it('does nothing any more once it is stopped', async () => {
  const work = vi.fn()
  tasks.every(10, work)
  void tasks.pause(10).then(work)
  tasks.stop()
  void tasks.pause(0).then(work)
  await vi.advanceTimersByTimeAsync(100)
  expect(work).not.toHaveBeenCalled()
  expect(tasks.signal.aborted).toBe(true)
})
