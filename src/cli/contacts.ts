import type { Command } from 'commander'
import { type Progress, progressShape } from '../contacts-import/progress.ts'
import { TransientError } from '../errors.ts'
import { createAdminStream } from './admin-client.ts'
import { type CliContext, globalOptions, loadForCommand, writeResult } from './context.ts'
import { createImportView } from './import-view.ts'
import { oneAccount } from './one-account.ts'

type ImportOptions = { account?: string; dryRun?: true; limit?: string }
type End = Extract<Progress, { type: 'end' }>

/** `contacts import`: brings the contacts of a WhatsApp session into Chatwoot, with the running bridge. */
export function registerContacts(program: Command, cli: CliContext): void {
  const contacts = program.command('contacts').description('the people the phone knows')
  contacts
    .command('import')
    .description('make those of the phone contacts of the inbox; run it again to go on')
    .option('-a, --account <id>', 'whose contacts; may be left out when there is only one account')
    .option('--dry-run', 'only tell what would happen')
    .option('--limit <count>', 'stop after so many were created or linked')
    .action(async (options: ImportOptions, command: Command) => {
      const { config } = await loadForCommand(command, cli)
      const { id } = oneAccount(config.accounts, options.account)
      const stream = createAdminStream(config)
      const view = createImportView(cli, globalOptions(command).json === true)
      const lines = stream(
        {
          method: 'POST',
          path: `accounts/${encodeURIComponent(id)}/contacts/import`,
          search: { dryRun: options.dryRun === true ? 'true' : undefined, limit: options.limit },
        },
        progressShape,
      )
      const end = await follow(lines, view)
      writeResult(command, cli, { value: end, text: view.summary(end) })
    })
}

async function follow(
  lines: AsyncIterable<Progress>,
  view: ReturnType<typeof createImportView>,
): Promise<End> {
  try {
    for await (const line of lines) {
      if (line.type === 'end') return line
      if (line.type === 'stopped') throw stoppedError(line, view.sums(line))
      view.show(line)
    }
  } finally {
    view.clear()
  }
  throw stoppedError({ code: 'cli.hung_up', message: 'The bridge hung up before it was done.' }, '')
}

/** What was done by then stays done. */
function stoppedError({ code, message }: { code: string; message: string }, sums: string) {
  const soFar = sums === '' ? '' : ` So far: ${sums}.`
  return new TransientError(`${message}${soFar} Run it again to go on.`, { code })
}
