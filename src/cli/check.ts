import { type Command, CommanderError } from 'commander'
import { configFileOf } from '../config/load.ts'
import { renderReport } from '../tools/check/render.ts'
import { asTyped } from './as-typed.ts'
import { type CliContext, globalOptions, loadForCommand, writeResult } from './context.ts'
import { oneAccount } from './one-account.ts'
import { widthOf, wrap } from './wrap.ts'

type CheckOptions = { account?: string; resync?: true }

/** `check`: looks at everything that can be wrong with a set-up. Exits 1 when something is. */
export function registerCheck(program: Command, cli: CliContext): void {
  program
    .command('check')
    .description('look at everything that can be wrong, and say how to mend it')
    .option('-a, --account <id>', 'only this account, and the bridge itself')
    .option(
      '--resync',
      "store the sessions' webhook settings again and see whether they take effect",
    )
    .action(async ({ account, resync }: CheckOptions, command: Command) => {
      const { config } = await loadForCommand(command, cli, 'leave')
      const accounts =
        account === undefined ? config.accounts : [oneAccount(config.accounts, account)]
      // Loaded when it is asked for: no other command needs both platforms' clients to start.
      const { checkBridge } = await import('../tools/check/check-bridge.ts')
      const report = await checkBridge({
        config,
        configFile: configFileOf({ path: globalOptions(command).config, env: cli.env }),
        env: cli.env,
        accounts,
        resync: resync === true,
        progress: cli.stderr,
      })
      const lines = (text: string, indent: number) =>
        wrap(asTyped(text, cli), widthOf(cli.stdout), indent)
      writeResult(command, cli, { value: report, text: renderReport(report, cli.color, lines) })
      if (!report.ok) throw new CommanderError(1, 'check.failed', 'Something has to be mended.')
    })
}
