import type { Command } from 'commander'
import type { Environment } from '../config/environment.ts'
import { type LoadedConfig, loadConfig, type SharedValues } from '../config/load.ts'
import { visibleLines } from '../kernel/text.ts'
import type { Signals } from './run-until-signal.ts'

/** What a command may touch of the process; tests bring their own. */
export type CliContext = {
  env: Environment
  stdout: NodeJS.WritableStream
  stderr: NodeJS.WritableStream
  /** Whether standard output and error are terminals that show colours. */
  color: boolean
  /** `--json` was typed somewhere; known before the command line is understood, which it may never be. */
  json?: boolean
  /** Whether somebody sits at standard input who can be asked. */
  interactive?: boolean
  /** Where SIGINT and SIGTERM arrive, if not at the process. */
  signals?: Signals
}

/** Options every command has. */
export type GlobalOptions = {
  /** `--config`: the file to use. */
  config?: string
  /** `--json`: results and errors as JSON on standard output. */
  json?: boolean
}

/** Global options of the program a command belongs to. */
export function globalOptions(command: Command): GlobalOptions {
  return command.optsWithGlobals<GlobalOptions>()
}

/** Loads the configuration a command is to use and shows warnings. */
export async function loadForCommand(
  command: Command,
  cli: CliContext,
  shared?: SharedValues,
): Promise<LoadedConfig> {
  const { config: path } = globalOptions(command)
  const loaded = await loadConfig({ path, env: cli.env, shared })
  for (const warning of loaded.warnings) cli.stderr.write(`warning: ${visibleLines(warning)}\n`)
  return loaded
}

/** Writes a result: JSON with `--json`, the given text otherwise. */
export function writeResult(
  command: Command,
  cli: CliContext,
  { value, text }: { value: unknown; text: string },
): void {
  const body =
    globalOptions(command).json === true ? JSON.stringify(value, null, 2) : visibleLines(text)
  cli.stdout.write(body.endsWith('\n') ? body : `${body}\n`)
}
