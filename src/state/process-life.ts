import { readFileSync } from 'node:fs'
import { systemCode } from '../kernel/durable-file.ts'

/**
 * True when a process of that number runs, whoever owns it. One that has ended but whose parent has not asked for its exit
 * code yet (a zombie) only has its number left.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Anything else is no number of a process.
    if (systemCode(error) !== 'EPERM') return false
  }
  return !ENDED.has(statOf(pid)?.state ?? '')
}

/**
 * When a process started, in the kernel's clock ticks since boot; `undefined` where there is no `/proc` or no
 * such process. Numbers of dead processes are given out again, start times are not.
 */
export function startOf(pid: number): string | undefined {
  return statOf(pid)?.start
}

/** States in proc_pid_stat(5): zombie, and dead. */
const ENDED: ReadonlySet<string> = new Set(['Z', 'X', 'x'])

function statOf(pid: number): { state: string | undefined; start: string | undefined } | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(systemCode(error))) return undefined
    throw error
  }
  // The second field is the program's name in brackets and may hold anything; the start is the 22nd field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state: fields.at(0), start: fields.at(19) }
}
