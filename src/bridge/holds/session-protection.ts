import type { Account } from '../../accounts/account.ts'
import { createRepeated, type Repeated } from '../../kernel/async.ts'
import type { Pace } from '../outbound/pace.ts'

/**
 * Learns whether WasenderAPI lets a session send only once in five seconds (docs/platforms/wasender.md#rate-limits).
 */
export type SessionProtection = Repeated

/** Somebody may switch it in the dashboard at any time. */
const ASK_EVERY_MS = 10 * 60_000

/**
 * Asks at start and again every ten minutes, apart from the sends, which do not wait for the answer. Without a personal
 * access token nobody can be asked: then a 429 tells.
 */
export function createSessionProtection(deps: {
  accounts: Iterable<Account>
  pace: Pick<Pace, 'learn' | 'doubt'>
  onError: (error: unknown) => void
  askEveryMs?: number
}): SessionProtection {
  const { pace, onError, askEveryMs = ASK_EVERY_MS } = deps
  const asked = [...deps.accounts].filter(({ options }) => options.pace === 'auto')

  async function ask(account: Account): Promise<void> {
    const isProtected = await answerOf(account)
    if (isProtected === undefined) await pace.doubt(account.id)
    else await pace.learn(account.id, isProtected)
  }

  async function answerOf({ managedSession }: Account): Promise<boolean | undefined> {
    try {
      return (await managedSession?.get())?.accountProtection
    } catch (error) {
      onError(error)
      return undefined
    }
  }

  return createRepeated(askEveryMs, () => {
    for (const account of asked) ask(account).catch(onError)
  })
}
