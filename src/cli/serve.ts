import { unwatchFile, watchFile } from 'node:fs'
import { type Command, Option } from 'commander'
import { envFileOf } from '../config/env-file.ts'
import { configFileOf } from '../config/load.ts'
import { ConfigProblemsError } from '../config/problems.ts'
import type { BridgeConfig } from '../config/schema.ts'
import { createLogger, type Logger } from '../kernel/log.ts'
import { type CliContext, globalOptions, loadForCommand } from './context.ts'
import { runUntilSignal, type Service } from './run-until-signal.ts'

/** Starts the bridge; see `src/main.ts`. */
export type StartBridge = (options: {
  config: BridgeConfig
  log: Logger
}) => Promise<Service & { reconfigure: (config: BridgeConfig) => void }>

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

type ServeOptions = { logLevel: string; pretty: boolean }

/** `serve`: runs the bridge until SIGTERM or SIGINT. */
export function registerServe(
  program: Command,
  cli: CliContext,
  loadBridge: () => Promise<StartBridge>,
): void {
  program
    .command('serve')
    .description('run the bridge')
    .addOption(
      new Option('--log-level <level>', 'least level that is logged')
        .choices(LEVELS)
        .default('info')
        .env('LOG_LEVEL'),
    )
    .option('--pretty', 'log lines for a person instead of JSON', cli.color)
    .action(async ({ logLevel, pretty }: ServeOptions, command: Command) => {
      const { config } = await loadForCommand(command, cli)
      const log = createLogger({ level: logLevel, destination: cli.stdout, pretty })
      await runUntilSignal(async () => {
        const startBridge = await loadBridge()
        const bridge = await startBridge({ config, log })
        const stopWatching = reloadOnChange({ command, cli, log, onConfig: bridge.reconfigure })
        return {
          port: bridge.port,
          stop() {
            stopWatching()
            return bridge.stop()
          },
        }
      }, log)
    })
}

/** Looked at instead of listened to: mounted files and those an editor replaces tell of no change. */
const LOOK_EVERY_MS = 2_000

/**
 * Reads the configuration again when it or its env file changes, and on SIGHUP. One with mistakes is reported and
 * otherwise ignored. Returns what stops it.
 */
function reloadOnChange(options: {
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
