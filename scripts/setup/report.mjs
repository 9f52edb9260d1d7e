import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Something only the user can mend. Its message says how. */
export class SetupError extends Error {}

/** One line per step that does something; nothing is said when there is nothing to do. */
export function say(line) {
  process.stderr.write(`[setup] ${line}\n`)
}

/** Tells why the command cannot run and leaves with 1. */
export function fail(error) {
  process.stderr.write(`[setup] ${error instanceof SetupError ? error.message : error.stack}\n`)
  process.exitCode = 1
}

/** Runs one step in the foreground; output goes to stderr so that the command's own stays clean. */
export function runStep(title, [program, ...args], { env = process.env, cwd = ROOT } = {}) {
  say(`${title} …`)
  const started = Date.now()
  const { status, error } = spawnSync(program, args, { cwd, env, stdio: ['ignore', 2, 2] })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  const ok = error === undefined && status === 0
  say(
    ok ? `${title}: done in ${seconds} s` : `${title}: failed (${error?.code ?? `exit ${status}`})`,
  )
  return ok
}

/** Full path of a program on the PATH, or undefined. */
export function which(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isExecutable)
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The environment without `node_modules/.bin`, for npm: the Node in there is replaced while npm runs. */
export function systemEnvironment() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const system = folders.filter((folder) => !folder.includes(join('node_modules', '.bin')))
  return { ...process.env, PATH: system.join(delimiter) }
}
