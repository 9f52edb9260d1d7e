import type { Account } from '../../accounts/account.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import type { Clock } from '../../kernel/clock.ts'

/** How old a message is when it is shown. */
export type Age = {
  /** When it was written, ms since 1970, if that is not about now. Chatwoot would date it as of today. */
  writtenAt?: number
  /** It is older than the account, or so old that nobody waits for an answer: it is kept, but not as news. */
  isHistory: boolean
}

const HOUR_MS = 3_600_000
/** Older messages come with their date. */
const LATE_MS = HOUR_MS
/** After an outage of a week nobody waits for an answer to what was written before it. */
const HISTORY_MS = 7 * 24 * HOUR_MS

/**
 * WhatsApp hands over old messages after a number was linked, and what it held back while no device was connected. What was
 * written within the last hour is as good as new, also to an account that was just set up.
 */
export async function ageOf(
  deps: { clock: Clock; sinceOf: (account: Account) => Promise<number> },
  account: Account,
  { at }: Pick<Incoming, 'at'>,
): Promise<Age> {
  const age = at === undefined ? 0 : deps.clock.now() - at
  if (at === undefined || age < LATE_MS) return { isHistory: false }
  const isHistory = age > HISTORY_MS || at < (await deps.sinceOf(account)) - LATE_MS
  return { writtenAt: at, isHistory }
}
