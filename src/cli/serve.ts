import { type Command, Option } from 'commander'
import type { BridgeConfig } from '../config/schema.ts'
import { createLogger, type Logger } from '../log.ts'
import { type CliContext, loadForCommand } from './context.ts'
import { reloadOnChange } from './reload.ts'
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
