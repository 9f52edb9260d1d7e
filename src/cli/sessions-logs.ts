import { type Command, InvalidArgumentError, Option } from 'commander'
import { messageLogView, sessionLogView } from '../operators/session-view.ts'
import type { LogStatus } from '../platforms/wasender/session-logs.ts'
import { type CliContext, writeResult } from './context.ts'
import { aboutAccount, sessionTarget, type TargetOptions } from './sessions-target.ts'
import { renderTable } from './table.ts'

type LogOptions = TargetOptions & {
  messages?: true
  status?: LogStatus
  page: number
  perPage: number
}

/** `sessions logs`: what happened to a session, or to the messages sent through it. */
export function registerSessionLogs(sessions: Command, cli: CliContext): void {
  aboutAccount(sessions.command('logs [id]'))
    .description('what happened to the session; with --messages what became of its messages')
    .option(
      '-m, --messages',
      'messages sent through the API: state and reason, never what they say',
    )
    .addOption(
      new Option('--status <status>', 'only these messages').choices([
        'sent',
        'failed',
        'in_progress',
      ]),
    )
    .option('--page <number>', 'from 1', wholeNumber, 1)
    .option('--per-page <count>', 'so many at most', wholeNumber, 20)
    .action(async (id: string | undefined, options: LogOptions, command: Command) => {
      const target = await sessionTarget(command, cli, { ...options, id })
      const show = options.messages === true ? messageRows : sessionRows
      const { value, head, rows } = await show(target, options)
      const text = rows.length === 0 ? 'Nothing.' : renderTable(head, rows, cli)
      writeResult(command, cli, { value, text })
    })
}

type Target = Awaited<ReturnType<typeof sessionTarget>>

async function sessionRows({ managed }: Target, options: LogOptions) {
  const { sessions, id } = await managed()
  const logs = (await sessions.sessionLogs(id, pageOf(options))).items.map(sessionLogView)
  const rows = logs.map(({ at, event, status }) => [at ?? '', event ?? '', status ?? ''])
  return { value: { logs }, head: ['At', 'Event', 'Status'], rows }
}

async function messageRows({ managed }: Target, options: LogOptions) {
  const { sessions, id } = await managed()
  const { status } = options
  const query = { ...pageOf(options), ...(status === undefined ? {} : { status }) }
  const messages = (await sessions.messageLogs(id, query)).items.map(messageLogView)
  const rows = messages.map((each) => [
    each.msgId,
    each.createdAt ?? '',
    each.status,
    each.reason ?? '',
  ])
  return { value: { messages }, head: ['Message', 'At', 'State', 'Reason'], rows }
}

function pageOf({ page, perPage }: LogOptions) {
  return { page, perPage }
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number above 0.')
}
