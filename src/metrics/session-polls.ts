import type { Account } from '../account.ts'
import { BridgeError } from '../errors.ts'

/** How the sessions are, for those no webhook has told of: at start, and as long as something seems wrong. */
export type SessionPolls = { start(): void; close(): void }

const ASK_EVERY_MS = 60_000

/**
 * A webhook tells of every change, unless it is lost or came before this process. So every account is asked at start, and
 * once a minute while it is not known to be connected, or `isPaused` because it is not.
 */
export function createSessionPolls(deps: {
  accounts: readonly Account[]
  /** What was heard last, whoever told. */
  lastStatus: (account: Account) => string | undefined
  isPaused: (account: Account) => Promise<boolean>
  /** Told what is new. */
  onStatus: (account: Account, status: string) => void
  onError: (error: unknown) => void
  askEveryMs?: number
}): SessionPolls {
  const { accounts, lastStatus, isPaused, onStatus, onError, askEveryMs = ASK_EVERY_MS } = deps
  let timer: NodeJS.Timeout | undefined

  async function ask(account: Account): Promise<void> {
    const before = lastStatus(account)
    if (before === 'connected' && !(await isPaused(account))) return
    const status = await statusOf(account)
    // A webhook that came meanwhile is newer than this answer.
    if (lastStatus(account) !== before || status === before) return
    onStatus(account, status)
  }

  const askAll = () => {
    for (const account of accounts) ask(account).catch(onError)
  }

  return {
    start() {
      askAll()
      timer = setInterval(askAll, askEveryMs)
      timer.unref()
    },
    close: () => clearInterval(timer),
  }
}

/** A gateway that cannot be asked, or does not take the key, sends nothing either. */
async function statusOf({ wasender }: Account): Promise<string> {
  try {
    return await wasender.session.status()
  } catch (error) {
    if (error instanceof BridgeError) return `unknown: ${error.code}`
    throw error
  }
}
