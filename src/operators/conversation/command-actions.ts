import type { Account } from '../../accounts/account.ts'
import type { RetryFailures } from '../../bridge/dead-letters/retry-failures.ts'
import type { OperatorCommand } from '../../content/commands/operator-command.ts'
import type { Clock } from '../../kernel/clock.ts'
import { PermanentError } from '../../kernel/errors.ts'
import type { ConnectResult } from '../../platforms/wasender/sessions.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import type { Lanes } from '../../queue/lanes.ts'
import type { SessionControl } from '../session-control.ts'
import type { OperatorDesk } from './operator-desk.ts'

export type ActionDeps = {
  control: SessionControl
  desk: Pick<OperatorDesk, 'post'>
  lanes: Pick<Lanes, 'waiting'>
  failures: Pick<Failures, 'count' | 'list'>
  retryAll: RetryFailures['retryAll']
  clock: Clock
}

/** Does what was asked for and resolves with the answer, in Markdown. */
export type Action = (account: Account) => Promise<string>

const DIRECTIONS = ['in', 'out', 'status'] as const
/** More than these are for the admin page. */
const LISTED = 10

/** What each command does. Each may be done again: it states an end, or asks. */
export function createActions(deps: ActionDeps): Record<Exclude<OperatorCommand, 'help'>, Action> {
  const { control, desk, failures, clock } = deps

  const countFailures = async ({ id }: Account) => {
    const counts = await Promise.all(DIRECTIONS.map((direction) => failures.count(id, direction)))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /** The picture comes by the lane of the news, where one follows the other. */
  const showCode = (account: Account) => desk.post(account, { is: 'qr', at: clock.now() })

  async function afterConnect(account: Account, result: ConnectResult): Promise<string> {
    const { operator, commands } = account.texts
    switch (result.status) {
      case 'connected':
        return operator.connecting
      case 'need_scan':
        await showCode(account)
        return operator.scan
      case 'need_passkey':
        return operator.passkey
      case 'other':
        return operator.state(commands.statuses[result.session] ?? result.session)
    }
  }

  return {
    async status(account) {
      const { operator, commands } = account.texts
      const { status, phone } = await control.state(account)
      const rows = await deps.lanes.waiting([account.id])
      const waiting = (direction: 'in' | 'out') =>
        rows.find((row) => row.direction === direction)?.count ?? 0
      return [
        operator.status(commands.statuses[status] ?? status, phone),
        // The question itself is one of those that wait.
        operator.waiting(waiting('in'), Math.max(0, waiting('out') - 1)),
        operator.failed(await countFailures(account)),
      ].join('\n')
    },

    async qr(account) {
      try {
        await control.qr(account)
      } catch (error) {
        if (!(error instanceof PermanentError) || error.code !== 'session.connected') throw error
        return account.texts.operator.connected
      }
      await showCode(account)
      return account.texts.operator.scan
    },

    connect: async (account) => afterConnect(account, await control.connect(account)),

    async disconnect(account) {
      await control.disconnect(account)
      return account.texts.operator.disconnected
    },

    async restart(account) {
      await control.restart(account)
      return account.texts.operator.restarted
    },

    async failures(account) {
      const { operator } = account.texts
      const count = await countFailures(account)
      if (count === 0) return operator.noFailures
      const page = await failures.list({ accounts: [account.id], limit: LISTED })
      const lines = page.failures.map(({ direction, failedAt, message }) =>
        operator.failureLine(direction, failedAt, message),
      )
      const more = count - lines.length
      return [...lines, ...(more > 0 ? [operator.moreFailures(more)] : [])].join('\n')
    },

    retry: async (account) =>
      account.texts.operator.retried(await deps.retryAll({ accounts: [account.id] })),
  }
}
