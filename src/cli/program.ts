import { Command } from 'commander'
import { VERSION } from '../kernel/version.ts'
import { registerCheck } from './check.ts'
import { registerConfigPrint, registerConfigSchema } from './config.ts'
import { registerContacts } from './contacts.ts'
import type { CliContext } from './context.ts'
import { registerDemo } from './demo.ts'
import { registerFailures } from './failures.ts'
import { registerMessages } from './messages.ts'
import { registerServe, type StartBridge } from './serve.ts'
import { registerSessions } from './sessions.ts'
import { registerSetup } from './setup.ts'

/** Loaded when `serve` runs, so that the other commands start fast and work without it. */
const importBridge = async (): Promise<StartBridge> => (await import('../main.ts')).startBridge

/**
 * The command line with all its commands; one file each registers them here. Errors are thrown, also
 * commander's own about unknown options and the like.
 */
export function createProgram(cli: CliContext, loadBridge = importBridge): Command {
  const program = new Command('wasender-chatwoot')
    .description('The bridge between WhatsApp (through WasenderAPI) and Chatwoot.')
    .version(VERSION)
    .option('-c, --config <file>', 'configuration file (default: config/bridge.yaml)')
    .option('--json', 'results and errors as JSON')
    .configureOutput({
      writeOut: (text) => cli.stdout.write(text),
      // With `--json` what is wrong is told as JSON, once it is thrown.
      writeErr: (text) => void (cli.json === true || cli.stderr.write(text)),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('Run with --help to see what there is.')
    .exitOverride()

  registerServe(program, cli, loadBridge)
  registerSetup(program, cli)
  registerDemo(program, cli)
  registerCheck(program, cli)
  registerFailures(program, cli)
  registerMessages(program, cli)
  registerSessions(program, cli)
  registerContacts(program, cli)
  const config = program.command('config').description('look at the configuration')
  registerConfigPrint(config, cli)
  registerConfigSchema(config, cli)
  return program
}
