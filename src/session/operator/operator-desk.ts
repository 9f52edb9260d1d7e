import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Dispatch } from '../../delivery/dispatch.ts'
import type { Lane } from '../../delivery/lanes/lanes.ts'
import type { OperatorEvent, OperatorNews } from './operator-news.ts'

/** Keys of the two lanes. */
export const NEWS_LANE = 'operator'
export const CALM_LANE = 'operator-calm'

/** Takes in news for an account's operators. Durable once resolved. */
export type OperatorDesk = {
  post(account: Account, news: OperatorNews): Promise<void>
  /** A lane of its own, where states wait until the session has come to rest. */
  heard(account: Account, status: string, calmMs: number): Promise<void>
}

/**
 * All news of an account share one lane, so that one line is written after the other and nothing is made twice. It is a
 * `status` lane, which waits for a Chatwoot that is away and holds up no chat.
 */
export function createOperatorDesk(deps: {
  dispatch: Pick<Dispatch, 'post'>
  clock: Clock
}): OperatorDesk {
  const post = async (account: Account, key: string, news: OperatorNews, settleMs?: number) => {
    const lane: Lane = { direction: 'status', account: account.id, key }
    const event: OperatorEvent = { type: 'operator', news }
    const settle = settleMs === undefined ? {} : { settleMs }
    const receivedAt = deps.clock.now()
    await deps.dispatch.post([{ lane, order: 0, receivedAt, event, ...settle }])
  }
  return {
    post: (account, news) => post(account, NEWS_LANE, news),
    heard: (account, status, calmMs) => post(account, CALM_LANE, { is: 'heard', status }, calmMs),
  }
}
