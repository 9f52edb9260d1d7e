import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Lane, Lanes } from '../../delivery/lanes/lanes.ts'
import type { Handled } from '../../delivery/lanes/turn.ts'
import type { QrCodes } from '../qr-codes.ts'
import type { SessionControl } from '../session-control.ts'
import { createCalm } from './calm.ts'
import { CALM_LANE, NEWS_LANE, type OperatorDesk } from './operator-desk.ts'
import type { NewsOf, OperatorEvent, OperatorNews } from './operator-news.ts'
import type { OperatorPlace } from './operator-place.ts'
import { createOperatorThreads } from './operator-thread.ts'
import { createTellAlerts } from './tell-alerts.ts'
import { createTellQr } from './tell-qr.ts'
import { createTellSession } from './tell-session.ts'

type HandleOf<Is extends OperatorNews['is']> = (
  account: Account,
  news: NewsOf<Is>,
) => Promise<Handled>

/** Brings the news that wait in the lanes into the conversation: a table by kind. */
export function createHandleNews(deps: {
  place: OperatorPlace
  desk: OperatorDesk
  control: SessionControl
  qrCodes: Pick<QrCodes, 'known'>
  lanes: Pick<Lanes, 'entries' | 'remove' | 'waiting'>
  clock: Clock
  calmMs: number
}) {
  const { place, desk, control, qrCodes, lanes, clock, calmMs } = deps
  const open = createOperatorThreads({ place })
  const calm = createCalm({ desk, lanes, clock, calmMs })
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

  const told =
    <Is extends OperatorNews['is']>(tell: (account: Account, news: NewsOf<Is>) => Promise<void>) =>
    async (account: Account, news: NewsOf<Is>): Promise<Handled> => {
      await tell(account, news)
      return 'done'
    }

  const HANDLERS: { [Is in OperatorNews['is']]: HandleOf<Is> } = {
    heard: (account) => calm(account, lane(account, CALM_LANE)),
    async session(account, news) {
      if (!(await isOutdated(account, news))) await session(account, news)
      return 'done'
    },
    qr: told(qr.show),
    'qr-over': told(qr.takeBack),
    backlog: told(alerts.backlog),
    'backlog-over': told(alerts.backlogOver),
    failures: told(alerts.failures),
    limit: told(alerts.limit),
    'limit-over': told(alerts.limitOver),
    needed: told(alerts.needed),
    'redis-lost': told(alerts.redisLost),
  }

  return (account: Account, news: OperatorNews): Promise<Handled> => {
    const handle = HANDLERS[news.is] as HandleOf<typeof news.is>
    return handle(account, news as never)
  }
}

function isLater(news: OperatorNews, at: number): boolean {
  return news.is === 'session' && news.at > at
}
