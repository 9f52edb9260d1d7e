import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { BREAKAGES, type Breakage } from '../../sandbox/demo/breakages.ts'
import type { Narrow } from '../../sandbox/demo/tour/report.ts'
import { createLogger } from '../kernel/log.ts'
import { type CliContext, globalOptions, writeResult } from './context.ts'
import { runUntilSignal, untilSignal } from './run-until-signal.ts'
import { columnsOf, wrap } from './wrap.ts'

type DemoOptions = {
  check?: true
  open?: true
  port?: number
  logLevel: string
  break?: Breakage
}

const STOPPED = { message: 'The tour was stopped before its end.', code: 'demo.stopped' }

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent']

/** `demo`: the bridge between a stand-in phone and a stand-in helpdesk, as a page or as a tour. */
export function registerDemo(program: Command, cli: CliContext): void {
  program
    .command('demo')
    .description('try the bridge without any account: a phone and a helpdesk on one page')
    .option('--check', 'take a scripted tour instead, print its table and exit with 0 or 1')
    .option('--open', 'open the page in the browser')
    .option('-p, --port <port>', 'port of the page (default: 4400 or the next free one)', portOf)
    .addOption(
      new Option('--log-level <level>', 'least level of the bridge that is logged')
        .choices(LEVELS)
        .default('error'),
    )
    .addOption(
      new Option('--break <what>', 'break something, to see that the tour notices')
        .choices(Object.keys(BREAKAGES))
        .hideHelp(),
    )
    .action((options: DemoOptions, command: Command) =>
      options.check ? takeTour(options, command, cli) : showPage(options, cli),
    )
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('Expected a number from 0 to 65535.')
}

/** Standard output is for results, so the log goes to the other one. */
const loggerFor = ({ logLevel }: DemoOptions, cli: CliContext) =>
  createLogger({ level: logLevel, destination: cli.stderr, pretty: cli.color })

async function showPage(options: DemoOptions, cli: CliContext): Promise<void> {
  const log = loggerFor(options, cli)
  // Loaded when they run, as all commands do with what only they need.
  const { startDemo } = await import('../../sandbox/demo/start.ts')
  const { openPage } = await import('../../sandbox/demo/open-page.ts')
  await runUntilSignal(async () => {
    const demo = await startDemo({ port: options.port, log })
    cli.stdout.write(
      `The demo is at ${demo.url}, what its admin sees at ${demo.url}/admin (Ctrl-C ends it)\n`,
    )
    if (options.open && !(await openPage(demo.url))) {
      cli.stderr.write('There is no browser to open it in.\n')
    }
    return demo
  }, log)
}

async function takeTour(options: DemoOptions, command: Command, cli: CliContext): Promise<void> {
  const { checkDemo } = await import('../../sandbox/demo/tour/check.ts')
  const { createProgress, SILENT } = await import('../../sandbox/demo/tour/progress.ts')
  const { tourReport } = await import('../../sandbox/demo/tour/report.ts')
  const { color, stdout } = cli
  const isTerminal = 'isTTY' in stdout && stdout.isTTY === true
  const progress = createProgress(stdout, { color, isTerminal })
  const listener = globalOptions(command).json === true ? SILENT : progress
  const results = await untilSignal(
    STOPPED,
    (signal) => {
      signal.addEventListener('abort', progress.stop)
      return checkDemo({ log: loggerFor(options, cli), listener, signal, breakage: options.break })
    },
    cli.signals,
  )
  const passed = results.every(({ result }) => result === 'passed')
  const value = { passed, steps: results }
  writeResult(command, cli, { value, text: `\n${tourReport(results, color, narrowFor(cli))}` })
  // The report says it all; this only sets the exit code.
  if (!passed) throw new CommanderError(1, 'demo.failed', 'The tour found something broken.')
}

/** The names of the steps are the long texts of the table. */
function narrowFor({ stdout }: CliContext): Narrow {
  const columns = columnsOf(stdout)
  return (text, beside) => wrap(text, columns === undefined ? undefined : columns - beside, 4)
}
