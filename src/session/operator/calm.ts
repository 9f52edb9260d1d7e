import type { Account } from '../../account.ts'
import { type Clock, hasCome } from '../../clock.ts'
import type { Entry, Lane, Lanes } from '../../delivery/lanes/lanes.ts'
import type { Handled } from '../../delivery/lanes/turn.ts'
import type { OperatorDesk } from './operator-desk.ts'
import type { OperatorEvent } from './operator-news.ts'

/** A session usually is `connecting` for seconds: on its own it is news only when it lasts. */
const CONNECTING_TIMES = 6

/**
 * Waits until a session has come to rest: a flapping one makes one line, with the state it ended in. What was heard waits
 * in a lane, which survives a restart and brings together what several processes heard.
 */
export function createCalm(deps: {
  desk: Pick<OperatorDesk, 'post'>
  lanes: Pick<Lanes, 'entries' | 'remove'>
  clock: Clock
  /** How long a state has to last. */
  calmMs: number
}) {
  const { desk, lanes, clock, calmMs } = deps
  return async (account: Account, lane: Lane): Promise<Handled> => {
    const heard = await lanes.entries(lane)
    const last = heard.at(-1)
    if (last === undefined) return 'done'
    const status = statusOf(last)
    const wait = calmMs * (status === 'connecting' ? CONNECTING_TIMES : 1)
    const calmAt = last.receivedAt + wait
    if (!hasCome(calmAt, clock.now(), wait)) return { waitUntil: calmAt }
    await desk.post(account, { is: 'session', status, at: last.receivedAt })
    for (const { id } of heard) await lanes.remove(lane, id)
    return 'done'
  }
}

function statusOf({ event }: Entry): string {
  const { news } = event as OperatorEvent
  return news.is === 'heard' ? news.status : ''
}
