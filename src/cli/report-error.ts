import { CommanderError } from 'commander'
import { createColors } from 'picocolors'
import { ConfigProblemsError, renderProblems } from '../config/problems.ts'
import { BridgeError } from '../kernel/errors.ts'
import { serializeError, summarizeError } from '../kernel/log.ts'
import { visibleLines } from '../kernel/text.ts'
import { asTyped } from './as-typed.ts'
import type { CliContext } from './context.ts'
import { StoppedError } from './run-until-signal.ts'
import { widthOf, wrap } from './wrap.ts'

/**
 * Tells the user what went wrong, without a stack trace, and gives the exit code. With `--json` the error is an
 * object on standard output: `{ error: { code, message, problems? } }`.
 */
export function reportError(error: unknown, cli: CliContext): number {
  if (error instanceof CommanderError) return reportUsage(error, cli)
  if (cli.json === true) writeJson(asJson(error), cli)
  else cli.stderr.write(`${visibleLines(wrapped(error, cli))}\n`)
  return error instanceof StoppedError ? error.exitCode : 1
}

/** commander has written its text about unknown options and the like itself, but not as JSON. */
function reportUsage({ code, exitCode, message }: CommanderError, cli: CliContext): number {
  const [origin, name = ''] = code.split('.')
  // Other origins are commands that have written their result and only set the exit code.
  if (cli.json !== true || origin !== 'commander' || exitCode === 0) return exitCode
  writeJson(name === 'help' ? NO_COMMAND : { code: codeOf(name), message: said(message) }, cli)
  return exitCode
}

/** commander shows its help then, and has no message. */
const NO_COMMAND = {
  code: 'cli.no_command',
  message: 'Give a command; --help lists what there is.',
}

/** `unknownOption` in the spelling of the other codes; what a command itself refuses is an `error` to commander. */
function codeOf(name: string): string {
  if (name === 'error') return 'cli.usage'
  return `cli.${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
}

const said = (message: string) => message.replace(/^error: /, '').replaceAll('\n', ' ')

function writeJson(error: Record<string, unknown>, { stdout }: CliContext): void {
  stdout.write(`${JSON.stringify({ error }, null, 2)}\n`)
}

function asJson(error: unknown): Record<string, unknown> {
  const code = error instanceof BridgeError ? error.code : 'unexpected'
  const problems = error instanceof ConfigProblemsError ? { problems: error.problems } : {}
  return { code, message: summarizeError(error), ...problems }
}

/** A list of problems has lines of its own already. */
function wrapped(error: unknown, cli: CliContext): string {
  const text = asTyped(asText(error, cli.color), cli)
  return text.includes('\n') ? text : wrap(text, widthOf(cli.stderr))
}

function asText(error: unknown, color: boolean): string {
  const paint = createColors(color)
  if (error instanceof ConfigProblemsError) {
    const list = renderProblems(error.problems, { color })
    return `${paint.red(error.message)}\n${list}`
  }
  if (error instanceof BridgeError) return paint.red(error.message)
  const { at = [] } = serializeError(error)
  const place = at[0] === undefined ? '' : `\n  at ${at[0]}`
  return `${paint.red(`This should not have happened: ${summarizeError(error)}`)}${paint.dim(place)}`
}
