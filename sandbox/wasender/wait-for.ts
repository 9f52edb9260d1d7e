import type { Changes } from './changes.ts'

export type WaitFor = <T>(
  condition: () => T | undefined | null | false,
  options?: { timeoutMs?: number; what?: string },
) => Promise<T>

/** Between changes of the stand-in the condition is looked at this often, for conditions about other things. */
const LOOK_AGAIN_MS = 25

/** Awaits a condition: looked at now, after every change and every 25 ms; rejects when the time is over. */
export function createWaitFor(changes: Changes): WaitFor {
  return (condition, { timeoutMs = 15_000, what = 'the condition' } = {}) =>
    new Promise((resolve, reject) => {
      const timers = {
        again: setInterval(look, LOOK_AGAIN_MS),
        end: setTimeout(giveUp, timeoutMs),
      }
      const unsubscribe = changes.subscribe(look)
      look()

      function stop(): void {
        clearInterval(timers.again)
        clearTimeout(timers.end)
        unsubscribe()
      }

      function look(): void {
        try {
          const value = condition()
          if (value === undefined || value === null || value === false) return
          stop()
          resolve(value)
        } catch (error) {
          stop()
          reject(error)
        }
      }

      function giveUp(): void {
        stop()
        reject(new Error(`Waited ${timeoutMs} ms in vain for ${what}`))
      }
    })
}
