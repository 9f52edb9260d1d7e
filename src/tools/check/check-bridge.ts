import type { AccountConfig } from '../../config/schema.ts'
import { createAccountContext } from './account-context.ts'
import type { BridgeContext } from './bridge/context.ts'
import { accountChecks, BRIDGE_CHECKS } from './checks.ts'
import { type Report, reportOf } from './report.ts'
import { type RunOptions, runChecks } from './run-checks.ts'

/** For each check; a call of the clients gives up before. */
const CHECK_MS = 10_000

type CheckOptions = BridgeContext & {
  /** Those to look at; the bridge itself is looked at in any case. */
  accounts: readonly AccountConfig[]
  /** Whether to send the webhook settings of sessions again. */
  resync: boolean
  /** Where to show what is being looked at, if it is a terminal. */
  progress: NodeJS.WritableStream
}

/** Looks at everything, accounts side by side. */
export async function checkBridge(options: CheckOptions): Promise<Report> {
  const { config, accounts, resync } = options
  const checksOfAccount = accountChecks({ resync })
  const total = BRIDGE_CHECKS.length + accounts.length * checksOfAccount.length
  const progress = createProgress(options.progress, total)
  const settings = (group: string) => ({ timeoutMs: CHECK_MS, ...progress.of(group) })
  try {
    const groups = await Promise.all([
      runChecks(BRIDGE_CHECKS, options, settings('bridge')).then((checks) => ({
        account: null,
        checks,
      })),
      ...accounts.map(async (account) => {
        const context = createAccountContext({ config, account })
        const checks = await runChecks(checksOfAccount, context, settings(account.id))
        return { account: account.id, checks }
      }),
    ])
    return reportOf(groups)
  } finally {
    progress.clear()
  }
}

/** What is being looked at right now, on one line that is written again and again. */
type Progress = {
  /** Observers for the checks of one group. */
  of(group: string): Pick<RunOptions, 'onStart' | 'onDone'>
  /** Takes the line away. */
  clear(): void
}

const CLEAR_LINE = '\r\u001b[2K'

/** Silent unless `stream` is a terminal. */
export function createProgress(stream: NodeJS.WritableStream, total: number): Progress {
  const isTerminal = 'isTTY' in stream && stream.isTTY === true
  const active = new Set<string>()
  let done = 0

  function show(): void {
    if (!isTerminal) return
    const latest = [...active].at(-1) ?? ''
    stream.write(`${CLEAR_LINE}Checking ${done}/${total} ${latest}`.slice(0, 79))
  }

  return {
    of: (group) => ({
      onStart({ title }) {
        active.add(`${group}: ${title}`)
        show()
      },
      onDone({ title }) {
        active.delete(`${group}: ${title}`)
        done += 1
        show()
      },
    }),
    clear: () => void (isTerminal && stream.write(CLEAR_LINE)),
  }
}
