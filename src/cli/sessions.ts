import { type Command, InvalidArgumentError, Option } from 'commander'
import { stringify } from 'yaml'
import { PermanentError } from '../kernel/errors.ts'
import { sessionState } from '../operators/session-control.ts'
import {
  allSessions,
  type ListedSession,
  messageLogView,
  sessionLogView,
  sessionView,
} from '../operators/session-view.ts'
import type { LogStatus } from '../platforms/wasender/session-logs.ts'
import { confirmed } from './asked.ts'
import { type CliContext, globalOptions, writeResult } from './context.ts'
import type { SessionTarget } from './session-account.ts'
import { linkByQr } from './sessions-qr.ts'
import { registerSessionSettings } from './sessions-settings.ts'
import {
  aboutAccount,
  sessionAccounts,
  sessionTarget,
  type TargetOptions,
} from './sessions-target.ts'
import { renderTable } from './table.ts'

/** `sessions …`: manages WhatsApp sessions at WasenderAPI itself, whether or not the bridge runs. */
export function registerSessions(program: Command, cli: CliContext): void {
  const sessions = program
    .command('sessions')
    .description('WhatsApp sessions: look at them, link them, change them')
  registerSessionLooks(sessions, cli)
  registerSessionLinking(sessions, cli)
  registerSessionActions(sessions, cli)
  registerSessionSettings(sessions, cli)
  registerSessionLogs(sessions, cli)
}

/** `sessions list|show|status`. */
function registerSessionLooks(sessions: Command, cli: CliContext): void {
  aboutAccount(sessions.command('list'))
    .description('every session that the personal access tokens see')
    .action(async (options: TargetOptions, command: Command) => {
      const found = await allSessions(await sessionAccounts(command, cli, options))
      writeResult(command, cli, { value: { sessions: found }, text: listText(found, cli) })
    })

  aboutAccount(sessions.command('show [id]'))
    .description('settings of the account’s session, or of another one')
    .action(async (id: string | undefined, options: TargetOptions, command: Command) => {
      const target = await sessionTarget(command, cli, { ...options, id })
      const managed = await target.managed()
      const value = sessionView(await managed.sessions.get(managed.id))
      writeResult(command, cli, { value, text: stringify(value) })
    })

  aboutAccount(sessions.command('status'))
    .description('whether the accounts are connected; needs no personal access token')
    .action(async (options: TargetOptions, command: Command) => {
      const accounts = await sessionAccounts(command, cli, options)
      const found = await Promise.all(
        accounts.map(async (each) => ({ account: each.id, ...(await sessionState(each)) })),
      )
      const rows = found.map(({ account, status, phone }) => [account, status, phone ?? '–'])
      const text = renderTable(['Account', 'Status', 'Number'], rows, cli)
      writeResult(command, cli, { value: { accounts: found }, text })
    })
}

function listText(found: readonly ListedSession[], cli: CliContext): string {
  if (found.length === 0) return 'No sessions. "sessions create" makes one.'
  const rows = found.map(({ id, name, phoneNumber, status, account }) => [
    id,
    name ?? '–',
    phoneNumber ?? '–',
    status,
    account ?? '–',
  ])
  return renderTable(['Id', 'Name', 'Number', 'Status', 'Account'], rows, cli)
}

const CONNECTED = 'Connected.'

/** `sessions connect|qr`. */
function registerSessionLinking(sessions: Command, cli: CliContext): void {
  aboutAccount(sessions.command('connect [id]'))
    .description('connect the session; shows a QR code when the phone has to scan one')
    .action(async (id: string | undefined, options: TargetOptions, command: Command) => {
      const target = await sessionTarget(command, cli, { ...options, id })
      const result = await target.control.connect(target.account)
      const status = result.status === 'other' ? result.session : result.status
      const isJson = globalOptions(command).json === true
      if (status === 'need_passkey') throw finishElsewhere()
      if (status !== 'need_scan' || isJson) {
        const text = status === 'connected' ? CONNECTED : `The session is ${status} now.`
        return writeResult(command, cli, { value: { status }, text })
      }
      await linkByQr(target, cli)
      writeResult(command, cli, { value: { status: 'connected' }, text: CONNECTED })
    })

  aboutAccount(sessions.command('qr [id]'))
    .description('show the QR code until the phone has scanned it')
    .option('--once', 'only the present code, without waiting')
    .action(
      async (
        id: string | undefined,
        options: TargetOptions & { once?: true },
        command: Command,
      ) => {
        const target = await sessionTarget(command, cli, { ...options, id })
        if (globalOptions(command).json === true) {
          const { qr, expiresAt } = await target.control.qr(target.account)
          const value = { qr, expiresAt: new Date(expiresAt).toISOString() }
          return writeResult(command, cli, { value, text: '' })
        }
        await linkByQr(target, cli, { once: options.once === true })
        if (options.once !== true) cli.stdout.write(`${CONNECTED}\n`)
      },
    )
}

function finishElsewhere(): PermanentError {
  return new PermanentError(
    'This number is linked with a passkey. Finish it in the WasenderAPI dashboard.',
    { code: 'session.no_qr' },
  )
}

type Action = {
  name: string
  what: string
  /** Said afterwards. */
  done: string
  /** What cannot be undone about it; asks before. */
  warning?: string
  act: (target: SessionTarget) => Promise<void>
}

const ACTIONS: readonly Action[] = [
  {
    name: 'disconnect [id]',
    what: 'stop the session; it stays linked with the phone',
    done: 'Disconnected.',
    act: ({ control, account }) => control.disconnect(account),
  },
  {
    name: 'restart [id]',
    what: 'restart a connected session',
    done: 'Restarted.',
    act: ({ control, account }) => control.restart(account),
  },
  {
    name: 'regenerate-key [id]',
    what: 'make a new API key; the old one stops at once',
    done: 'The session has a new API key. A bridge with a personal access token takes it over by itself. Copy it from the WasenderAPI dashboard into the configuration.',
    warning: 'The old API key stops at once, for whatever else uses it too.',
    act: ({ control, account }) => control.regenerateKey(account),
  },
  {
    name: 'delete <id>',
    what: 'delete a session for good',
    done: 'Deleted.',
    warning: 'The session and its API key are deleted for good.',
    async act({ managed }) {
      const { sessions, id } = await managed()
      await sessions.remove(id)
    },
  },
]

/** `sessions disconnect|restart|regenerate-key|delete`. */
function registerSessionActions(sessions: Command, cli: CliContext): void {
  for (const { name, what, done, warning, act } of ACTIONS) {
    const command = aboutAccount(sessions.command(name)).description(what)
    if (warning !== undefined) command.option('-y, --yes', 'do not ask')
    command.action(
      async (id: string | undefined, options: TargetOptions & { yes?: true }, self: Command) => {
        const target = await sessionTarget(self, cli, { ...options, id })
        const { json } = globalOptions(self)
        if (warning !== undefined) await confirmed(cli, { ...options, message: warning, json })
        await act(target)
        writeResult(self, cli, { value: { done: true }, text: done })
      },
    )
  }
}

type LogOptions = TargetOptions & {
  messages?: true
  status?: LogStatus
  page: number
  perPage: number
}

/** `sessions logs`: what happened to a session, or to the messages sent through it. */
function registerSessionLogs(sessions: Command, cli: CliContext): void {
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
