import type { Account } from '../../accounts/account.ts'
import type { QrCodes } from '../../accounts/qr-codes.ts'
import type { NewsOf, OperatorEvent, OperatorNews } from '../../bridge/operator-news.ts'
import { type Clock, hasCome } from '../../kernel/clock.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { Lanes } from '../../queue/lanes.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { SessionControl } from '../session-control.ts'
import { CALM_LANE, NEWS_LANE, type OperatorDesk } from './operator-desk.ts'
import type { OperatorPlace } from './operator-place.ts'
import { createOperatorThreads, type OpenOperatorThread } from './operator-thread.ts'
import { createTellAlerts } from './tell-alerts.ts'
import { createTellQr, shownCodes } from './tell-qr.ts'

type HandleOf<Is extends OperatorNews['is']> = (account: Account, news: NewsOf<Is>) => Promise<void>

/** Brings the news that wait in the lanes into the conversation: a table by kind. */
export function createHandleNews(deps: {
  place: OperatorPlace
  desk: OperatorDesk
  control: SessionControl
  qrCodes: Pick<QrCodes, 'known'>
  lanes: Pick<Lanes, 'entries' | 'remove' | 'waiting'>
  clock: Clock
  debounceMs: number
}) {
  const { place, desk, control, qrCodes, lanes, clock, debounceMs } = deps
  const open = createOperatorThreads({ place })
  const debounceStatus = createDebounceStatus({ desk, lanes, clock, debounceMs })
  const session = createTellSession({ place, open })
  const qr = createTellQr({ place, open, qrCodes, control, clock })
  const alerts = createTellAlerts({ open, lanes, clock })

  const lane = ({ id }: Account, key: string): Lane => ({ direction: 'status', account: id, key })

  /** While Chatwoot was away more may have happened to the session; only the last of it is still true. */
  async function isOutdated(account: Account, { at }: NewsOf<'session'>): Promise<boolean> {
    const told = await lanes.entries(lane(account, NEWS_LANE))
    const heard = await lanes.entries(lane(account, CALM_LANE))
    return (
      told.some(({ event }) => isLater((event as OperatorEvent).news, at)) ||
      heard.some(({ receivedAt }) => receivedAt > at)
    )
  }

  const HANDLERS: { [Is in OperatorNews['is']]: HandleOf<Is> } = {
    heard: (account) => debounceStatus(account, lane(account, CALM_LANE)),
    async session(account, news) {
      if (!(await isOutdated(account, news))) await session(account, news)
    },
    qr: qr.show,
    'qr-over': qr.takeBack,
    backlog: alerts.backlog,
    'backlog-over': alerts.backlogOver,
    failures: alerts.failures,
    limit: alerts.limit,
    'limit-over': alerts.limitOver,
    needed: alerts.needed,
    'redis-lost': alerts.redisLost,
  }

  return (account: Account, news: OperatorNews): Promise<void> => {
    const handle = HANDLERS[news.is] as HandleOf<typeof news.is>
    return handle(account, news as never)
  }
}

function isLater(news: OperatorNews, at: number): boolean {
  return news.is === 'session' && news.at > at
}

/** A session usually is `connecting` for seconds: on its own it is news only when it lasts. */
const CONNECTING_TIMES = 6

/**
 * Waits until a session has come to rest: a flapping one makes one line, with the state it ended in. What was heard waits
 * in a lane, which survives a restart and brings together what several processes heard.
 */
export function createDebounceStatus(deps: {
  desk: Pick<OperatorDesk, 'post'>
  lanes: Pick<Lanes, 'entries' | 'remove'>
  clock: Clock
  /** How long a state has to last. */
  debounceMs: number
}) {
  const { desk, lanes, clock, debounceMs } = deps
  return async (account: Account, lane: Lane): Promise<void> => {
    const heard = await lanes.entries(lane)
    const last = heard.at(-1)
    if (last === undefined) return
    const status = statusOf(last)
    const wait = debounceMs * (status === 'connecting' ? CONNECTING_TIMES : 1)
    const calmAt = last.receivedAt + wait
    if (!hasCome(calmAt, clock.now(), wait)) {
      throw new WaitUntil('The session may change again.', { until: calmAt })
    }
    await desk.post(account, { is: 'session', status, at: last.receivedAt })
    for (const { id } of heard) await lanes.remove(lane, id)
  }
}

function statusOf({ event }: Entry): string {
  const { news } = event as OperatorEvent
  return news.is === 'heard' ? news.status : ''
}

/** States in which a code may be on its way to being scanned. */
const LINKING: ReadonlySet<string> = new Set(['need_scan', 'connecting'])

/**
 * One line about a state the session has come to rest in, unless it is the one that was told last. The first of all says
 * what the conversation is for. A message from the contact, so that agents are notified: nothing goes out meanwhile.
 */
function createTellSession(deps: {
  place: Pick<OperatorPlace, 'known' | 'told'>
  open: OpenOperatorThread
}) {
  const { place, open } = deps
  return async (account: Account, { status, at }: NewsOf<'session'>): Promise<void> => {
    const before = await place.known(account)
    if (before?.told === status) return
    const { operator } = account.texts
    const line = operator.session[status] ?? operator.unknownSession(status)
    const isFirst = before?.told === undefined
    await open(account, async (thread) => {
      const text = isFirst ? `${operator.purpose}\n\n${line}` : line
      await thread.write({ sourceId: `operator:session:${at}`, text, loudness: 'alert' })
      if (LINKING.has(status)) return
      for (const { id } of shownCodes(thread.latest)) await thread.remove(id)
    })
    await place.told(account, status)
  }
}
