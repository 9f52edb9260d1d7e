import type { Account } from '../../account.ts'
import type { AccountId } from '../../ids.ts'

/** Whether WasenderAPI lets a session send only once in five seconds (wasender-api.md, section 5). */
export type SessionProtection = {
  /** `undefined` when nobody can tell: without a personal access token, or before the first answer. */
  isOn(account: AccountId): boolean | undefined
  start(): void
  close(): void
}

/** Somebody may switch it in the dashboard at any time. */
const ASK_EVERY_MS = 10 * 60_000

/** Asks at start and again every ten minutes, apart from the sends, which do not wait for the answer. */
export function createSessionProtection(deps: {
  accounts: Iterable<Account>
  onError: (error: unknown) => void
  askEveryMs?: number
}): SessionProtection {
  const { onError, askEveryMs = ASK_EVERY_MS } = deps
  const asked = [...deps.accounts].filter(({ options }) => options.pace === 'auto')
  const known = new Map<AccountId, boolean>()
  let timer: NodeJS.Timeout | undefined

  async function ask({ id, managedSession }: Account): Promise<void> {
    const protection = (await managedSession?.get())?.accountProtection
    if (protection !== undefined) known.set(id, protection)
  }

  const askAll = () => {
    for (const account of asked) ask(account).catch(onError)
  }

  return {
    isOn: (account) => known.get(account),
    start() {
      askAll()
      timer = setInterval(askAll, askEveryMs)
      timer.unref()
    },
    close: () => clearInterval(timer),
  }
}
