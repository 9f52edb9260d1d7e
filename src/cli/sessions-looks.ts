import type { Command } from 'commander'
import { stringify } from 'yaml'
import { sessionState } from '../operators/session-control.ts'
import { allSessions, type ListedSession, sessionView } from '../operators/session-view.ts'
import { type CliContext, writeResult } from './context.ts'
import {
  aboutAccount,
  sessionAccounts,
  sessionTarget,
  type TargetOptions,
} from './sessions-target.ts'
import { renderTable } from './table.ts'

/** `sessions list|show|status`. */
export function registerSessionLooks(sessions: Command, cli: CliContext): void {
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
