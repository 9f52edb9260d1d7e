import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import { z } from 'zod'
import { type AdminClient, createAdminClient } from './admin-client.ts'
import { type CliContext, loadForCommand, writeResult } from './context.ts'
import { renderTable } from './table.ts'

type Filter = { account?: string; direction?: string }
type ListOptions = Filter & { cursor?: string; limit?: string }

const filtered = (command: Command): Command =>
  command
    .option('-a, --account <id>', 'only of this account')
    .addOption(
      new Option('-d, --direction <direction>', 'only of this direction').choices([
        'in',
        'out',
        'status',
      ]),
    )

/** `failures list|show|retry|discard`: the dead letters of the running bridge. */
export function registerFailures(program: Command, cli: CliContext): void {
  const failures = program
    .command('failures')
    .description('what was given up: look at it, try it again or forget it')

  const client = async (command: Command): Promise<AdminClient> =>
    createAdminClient((await loadForCommand(command, cli)).config)

  filtered(failures.command('list'))
    .description('newest first')
    .option('--limit <count>', 'so many at most', '50')
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .action(async (options: ListOptions, command: Command) => {
      const ask = await client(command)
      const value = await ask({ path: 'failures', search: options }, failurePage)
      writeResult(command, cli, { value, text: listText(value, cli) })
    })

  failures
    .command('show <id>')
    .description('all that is known about one, with the event that was given up')
    .action(async (id: string, _options: object, command: Command) => {
      const ask = await client(command)
      const value = await ask({ path: `failures/${encodeURIComponent(id)}` }, failureShape)
      writeResult(command, cli, { value, text: stringify(value) })
    })

  filtered(failures.command('retry [id]'))
    .description('put one back at its place in its chat, or all with --all')
    .option('--all', 'all, in their order')
    .action(async (id: string | undefined, options: Filter & { all?: true }, command: Command) => {
      if (id === undefined && !options.all) command.error('error: give an id, or --all')
      if (id !== undefined && options.all) command.error('error: give only one of an id and --all')
      const ask = await client(command)
      const { account, direction } = options
      const request =
        id === undefined
          ? { path: 'failures/retry', search: { account, direction } }
          : { path: `failures/${encodeURIComponent(id)}/retry` }
      const value = await ask({ ...request, method: 'POST' }, retriedShape)
      writeResult(command, cli, { value, text: `${value.retried} put back.` })
    })

  failures
    .command('discard <id>')
    .description('forget one for good')
    .action(async (id: string, _options: object, command: Command) => {
      const ask = await client(command)
      const path = `failures/${encodeURIComponent(id)}`
      const value = await ask({ path, method: 'DELETE' }, discardedShape)
      writeResult(command, cli, { value, text: 'Discarded.' })
    })
}

function listText({ failures, cursor }: typeof failurePage._output, cli: CliContext): string {
  if (failures.length === 0) return 'No dead letters.'
  const rows = failures.map((each) => [
    each.id,
    each.direction,
    each.kind,
    each.failedAt,
    each.attempts,
    each.reason,
  ])
  const table = renderTable(['Id', 'Way', 'What', 'Failed at', 'Attempts', 'Reason'], rows, cli)
  return cursor === null ? table : `${table}\nMore: --cursor ${cursor}`
}

/** A dead letter as the admin API tells it. */
const failureShape = z.looseObject({
  id: z.string(),
  account: z.string(),
  direction: z.string(),
  chat: z.string(),
  kind: z.string(),
  code: z.string(),
  reason: z.string(),
  attempts: z.number(),
  failedAt: z.string(),
})
const failurePage = z.object({
  failures: z.array(failureShape),
  cursor: z.number().nullable(),
})
const retriedShape = z.object({ retried: z.number() })
const discardedShape = z.object({ discarded: z.number() })
