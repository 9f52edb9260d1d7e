import { readFileSync } from 'node:fs'
import { systemCode } from './durable-file.ts'

/** True when a process of that number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) !== 'ESRCH'
  }
}

/**
 * When a process started, in the kernel's clock ticks since boot; `undefined` where there is no `/proc` or no
 * such process. Numbers of dead processes are given out again, start times are not.
 */
export function startOf(pid: number): string | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(systemCode(error))) return undefined
    throw error
  }
  // The second field is the program's name in brackets and may hold anything; the start is the 22nd field.
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .at(19)
}
