import type { CliContext } from './context.ts'
import { createProgram } from './program.ts'
import { reportError } from './report-error.ts'

/** Runs the command that the process was started with, and ends the process. */
export async function run(): Promise<void> {
  const { env, stdin, stdout, stderr } = process
  const color = stdout.isTTY === true && stderr.isTTY === true && !env.NO_COLOR
  const interactive = stdin.isTTY === true && stdout.isTTY === true
  const json = process.argv.includes('--json')
  const cli: CliContext = { env, stdout, stderr, color, interactive, json }

  // Connections that a command left open must not keep a finished command alive; its output has to get out first.
  const finish = (code: number) => stdout.write('', () => process.exit(code))

  try {
    await createProgram(cli).parseAsync()
    finish(0)
  } catch (error) {
    finish(reportError(error, cli))
  }
}
