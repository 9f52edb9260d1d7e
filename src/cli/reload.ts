import { unwatchFile, watchFile } from 'node:fs'
import type { Command } from 'commander'
import { envFileOf } from '../config/env-file.ts'
import { configFileOf } from '../config/load.ts'
import { ConfigProblemsError } from '../config/problems.ts'
import type { BridgeConfig } from '../config/schema.ts'
import type { Logger } from '../log.ts'
import { type CliContext, globalOptions, loadForCommand } from './context.ts'

/** Looked at instead of listened to: mounted files and those an editor replaces tell of no change. */
const LOOK_EVERY_MS = 2_000

/**
 * Reads the configuration again when it or its env file changes, and on SIGHUP. One with mistakes is reported and
 * otherwise ignored. Returns what stops it.
 */
export function reloadOnChange(options: {
  command: Command
  cli: CliContext
  log: Logger
  onConfig: (config: BridgeConfig) => void
}): () => void {
  const { command, cli, log, onConfig } = options
  const config = configFileOf({ path: globalOptions(command).config, env: cli.env })
  const files = [config, envFileOf(config)]

  const reload = () => {
    loadForCommand(command, cli).then(
      (loaded) => onConfig(loaded.config),
      (error: unknown) => {
        const problems = error instanceof ConfigProblemsError ? error.problems : undefined
        log.error(
          { err: error, problems },
          'The configuration cannot be read again; the bridge goes on with the one before',
        )
      },
    )
  }

  for (const file of files) watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, reload)
  process.on('SIGHUP', reload)
  return () => {
    for (const file of files) unwatchFile(file, reload)
    process.off('SIGHUP', reload)
  }
}
