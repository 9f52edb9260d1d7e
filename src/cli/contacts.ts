import type { Command } from 'commander'
import { z } from 'zod'
import { isSomething, type Kept, keptShape } from '../bridge/forget/kept.ts'
import { TransientError } from '../kernel/errors.ts'
import { visibleLines } from '../kernel/text.ts'
import {
  type ContactProgress,
  type Counts,
  type Progress,
  progressShape,
  type Reasons,
} from '../operators/contacts-import/progress.ts'
import { createAdminClient, createAdminStream } from './admin-client.ts'
import { confirmed } from './asked.ts'
import { type CliContext, globalOptions, loadForCommand, writeResult } from './context.ts'
import { oneAccount } from './one-account.ts'
import { renderTable } from './table.ts'

type ImportOptions = { account?: string; dryRun?: true; limit?: string }
type ForgetOptions = { account?: string; dryRun?: true; yes?: true }

const keptAnswer = z.object({ kept: z.array(keptShape) })
const forgottenAnswer = z.object({ forgotten: z.array(keptShape) })
type End = Extract<Progress, { type: 'end' }>

/** `contacts import|forget`. Import brings the contacts of a WhatsApp session into Chatwoot, with the running bridge. */
export function registerContacts(program: Command, cli: CliContext): void {
  const contacts = program.command('contacts').description('people: bring them in, forget them')
  registerForget(contacts, cli)
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

/** `contacts forget`: what the running bridge keeps of somebody, and its erasure. */
function registerForget(contacts: Command, cli: CliContext): void {
  contacts
    .command('forget <number>')
    .description('erase what the bridge keeps of somebody; it is shown first')
    .option('-a, --account <id>', 'only of this account')
    .option('--dry-run', 'only show what is kept')
    .option('-y, --yes', 'do not ask')
    .action(async (person: string, options: ForgetOptions, command: Command) => {
      const { config } = await loadForCommand(command, cli)
      const ask = createAdminClient(config)
      const search = { person, account: options.account }
      const { kept } = await ask({ path: 'people', search }, keptAnswer)
      const found = kept.filter(isSomething)
      if (options.dryRun === true || found.length === 0) {
        return writeResult(command, cli, { value: { kept }, text: keptText(found, cli) })
      }
      const { json } = globalOptions(command)
      if (json !== true) cli.stdout.write(`${visibleLines(keptText(found, cli))}\n`)
      const message = 'This is erased for good. Messages that wait are not delivered any more.'
      await confirmed(cli, { message, yes: options.yes, json })
      const value = await ask({ method: 'DELETE', path: 'people', search }, forgottenAnswer)
      writeResult(command, cli, { value, text: FORGOTTEN })
    })
}

const FORGOTTEN =
  'Forgotten. What Chatwoot keeps is not touched: delete the contact there. Backups of data.dir still hold it.'

function keptText(kept: Kept[], cli: CliContext): string {
  if (kept.length === 0) return 'The bridge keeps nothing of this person.'
  const head = ['Account', 'Conversations', 'Addresses', 'Messages', 'Waiting', 'Failures', 'Other']
  const rows = kept.map((each) => [
    each.account,
    each.conversations.join(', '),
    each.addresses,
    each.messages,
    each.waiting,
    each.failures,
    each.memories,
  ])
  return renderTable(head, rows, cli)
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

type Sums = { counts: Counts; reasons: Reasons }

/** Why contacts were left alone, in words. */
const WORDS: Readonly<Record<keyof Reasons, string>> = {
  group: 'groups',
  channel: 'channels',
  own: 'the own number',
  unreadable: 'without a number',
  busy: 'with a message on its way',
  refused: 'refused by Chatwoot',
}

/** So often at most the line is written anew, in ms. */
const EVERY_MS = 100
const CLEAR = '\r\u001B[K'

/** Shows how an import goes: one line that is written over and over on a terminal, nothing elsewhere. */
function createImportView(cli: Pick<CliContext, 'stderr'>, isJson: boolean) {
  const isLive = !isJson && (cli.stderr as { isTTY?: boolean }).isTTY === true
  const counts: Counts = { created: 0, linked: 0, unchanged: 0, skipped: 0 }
  let shownAt = Number.NEGATIVE_INFINITY
  let of = ''

  function write(line: string): void {
    if (isLive) cli.stderr.write(`${CLEAR}${line}`)
  }

  function showContact({ result, done, total }: ContactProgress): void {
    counts[result] += 1
    of = total === null ? `${done}` : `${done} of ${total}`
    if (performance.now() - shownAt < EVERY_MS) return
    shownAt = performance.now()
    write(`${of}: ${inWords(counts)}`)
  }

  return {
    show(line: Extract<Progress, { type: 'contact' | 'waiting' }>): void {
      if (line.type === 'contact') showContact(line)
      else write(`${of}: waits ${line.seconds} s (${line.code})`)
    },
    clear: () => write(''),
    /** What was done in one line. */
    sums: (sums: Sums) => `${inWords(sums.counts)}${reasonsIn(sums.reasons)}`,
    summary({ dryRun, because, ...sums }: Sums & Extract<Progress, { type: 'end' }>): string {
      const lead = dryRun ? 'Would be: ' : ''
      const rest = because === 'limit' ? ' There may be more: run it again to go on.' : ''
      return `${lead}${inWords(sums.counts)}${reasonsIn(sums.reasons)}.${rest}`
    },
  }
}

function inWords({ created, linked, unchanged, skipped }: Counts): string {
  return `${created} created, ${linked} linked, ${unchanged} unchanged, ${skipped} skipped`
}

function reasonsIn(reasons: Reasons): string {
  const named = Object.entries(reasons).map(
    ([reason, count]) => `${count} ${WORDS[reason as keyof Reasons]}`,
  )
  return named.length === 0 ? '' : ` (${named.join(', ')})`
}
