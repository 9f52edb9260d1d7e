import type { Account } from '../../account.ts'
import type { Throttle } from '../../delivery/lanes/throttle.ts'
import type { Watch } from './watch.ts'

const EVERY_MS = 60_000
/** Several processes share the looking; a little less than the time between two looks of one of them. */
const TURN_MS = 50_000

/** Looks at all accounts at start and then every minute, apart from everything else. */
export function createWatchClock(deps: {
  accounts: readonly Account[]
  watch: Watch
  throttle: Throttle
  onError: (error: unknown) => void
  everyMs?: number
}) {
  const { watch, throttle, onError, everyMs = EVERY_MS } = deps
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  /** What a look meets while everything is being closed is found again at the next start. */
  const failed = (error: unknown) => {
    if (!closing.signal.aborted) onError(error)
  }

  /** One thing that cannot be asked must not hide the others. */
  async function look(account: Account): Promise<void> {
    const looks = [
      () => watch.session(account),
      () => watch.backlog(account, 'in'),
      () => watch.backlog(account, 'out'),
      () => watch.failures(account),
      () => watch.limits(account),
    ]
    for (const each of looks) {
      if (!closing.signal.aborted) await each().catch(failed)
    }
  }

  async function isTurn({ id }: Account): Promise<boolean> {
    return throttle.allow(`operator-watch:${id}`, Math.min(TURN_MS, everyMs / 2))
  }

  async function lookInTurn(account: Account): Promise<void> {
    if (await isTurn(account)) await look(account)
  }

  const lookAtAll = (each: (account: Account) => Promise<void>) => {
    // A look that takes long is not overtaken by the next one.
    looking = looking.then(async () => {
      await Promise.all(deps.accounts.map((account) => each(account).catch(failed)))
    })
  }

  return {
    start(): void {
      lookAtAll(look)
      timer = setInterval(() => lookAtAll(lookInTurn), everyMs)
      timer.unref()
    },
    /** Does not wait for the look in hand, which may be waiting for a platform. */
    close(): void {
      closing.abort()
      clearInterval(timer)
    },
  }
}
