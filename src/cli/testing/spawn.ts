import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { MINIMAL_ENV } from '../../config/testing.ts'

export type Run = {
  child: ChildProcess
  stdout: () => string
  stderr: () => string
  /** Exit code, or the name of the signal that ended it. */
  exit: Promise<number | NodeJS.Signals>
}

/** Runs a script of `src/cli` in a process of its own. */
export function run(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Run {
  const file = new URL(`../${script}`, import.meta.url).pathname
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env.PATH, ...MINIMAL_ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      output[name] += chunk
    })
  return {
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    exit: once(child, 'close').then(([code, signal]) => code ?? signal),
  }
}
