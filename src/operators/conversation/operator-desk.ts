import type { Account } from '../../accounts/account.ts'
import type { OperatorEvent, OperatorNews } from '../../bridge/operator-news.ts'
import type { Clock } from '../../kernel/clock.ts'
import { OperatorNeededError } from '../../kernel/errors.ts'
import type { Lane } from '../../queue/entry.ts'
import type { Dispatch, Throttle } from '../../queue/queue.ts'

/** Keys of the two lanes. */
export const NEWS_LANE = 'operator'
export const CALM_LANE = 'operator-calm'

/** Takes in news for an account's operators. Durable once resolved. */
export type OperatorDesk = {
  post(account: Account, news: OperatorNews): Promise<void>
  /** A lane of its own, where states wait until the session has come to rest. */
  heard(account: Account, status: string, debounceMs: number): Promise<void>
}

/**
 * All news of an account share one lane, so that one line is written after the other and nothing is made twice. It is a
 * `status` lane, which waits for a Chatwoot that is away and holds up no chat.
 */
export function createOperatorDesk(deps: {
  dispatch: Pick<Dispatch, 'post'>
  clock: Clock
}): OperatorDesk {
  const post = async (account: Account, key: string, news: OperatorNews, delayMs?: number) => {
    const lane: Lane = { direction: 'status', account: account.id, key }
    const event: OperatorEvent = { type: 'operator', news }
    const resolveChat = delayMs === undefined ? {} : { delayMs }
    const receivedAt = deps.clock.now()
    await deps.dispatch.post([{ lane, order: 0, receivedAt, event, ...resolveChat }])
  }
  return {
    post: (account, news) => post(account, NEWS_LANE, news),
    heard: (account, status, debounceMs) =>
      post(account, CALM_LANE, { is: 'heard', status }, debounceMs),
  }
}

const DAY_MS = 24 * 3_600_000

/**
 * Passes on that a person has to act, once a day for each reason, however many messages meet it. What Chatwoot refuses is
 * left to the log: there is no way to say it there.
 */
export function createOperatorNeeded(deps: {
  desk: Pick<OperatorDesk, 'post'>
  throttle: Throttle
  clock: Clock
}) {
  const { desk, throttle, clock } = deps
  return async (account: Account, error: unknown): Promise<void> => {
    if (!(error instanceof OperatorNeededError) || error.code.startsWith('chatwoot.')) return
    const { code, message: reason } = error
    if (!(await throttle.allow(`operator-needed:${account.id}:${code}`, DAY_MS))) return
    await desk.post(account, { is: 'needed', code, reason, at: clock.now() })
  }
}
