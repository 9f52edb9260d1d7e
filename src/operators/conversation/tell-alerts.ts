import type { Account } from '../../accounts/account.ts'
import type { BacklogDirection, NewsOf } from '../../bridge/operator-news.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Lanes } from '../../queue/lanes.ts'
import { MOVING_MS } from './alert-memory.ts'
import type { OpenOperatorThread } from './operator-thread.ts'

/**
 * Lines about what is stuck or lost. They may have waited for Chatwoot themselves, so a backlog that is over by then is
 * not told of at all.
 */
export function createTellAlerts(deps: {
  open: OpenOperatorThread
  lanes: Pick<Lanes, 'waiting'>
  clock: Clock
}) {
  const { open, lanes, clock } = deps

  async function isOver(account: Account, direction: BacklogDirection): Promise<boolean> {
    const rows = await lanes.waiting([account.id])
    const oldest = rows.find((row) => row.direction === direction)?.oldest ?? 0
    return oldest === 0 || clock.now() - oldest < MOVING_MS
  }

  const sourceOf = (direction: BacklogDirection, since: number) =>
    `operator:backlog:${direction}:${since}`

  return {
    async backlog(account: Account, { direction, since, count }: NewsOf<'backlog'>): Promise<void> {
      if (await isOver(account, direction)) return
      const text = account.texts.operator.backlog[direction](count, since)
      const sourceId = sourceOf(direction, since)
      await open(account, (thread) => thread.write({ sourceId, text, loudness: 'alert' }))
    },

    /** Good news, so it is only a grey line; and none when nobody was told of the bad ones. */
    async backlogOver(
      account: Account,
      { direction, since }: NewsOf<'backlog-over'>,
    ): Promise<void> {
      const started = sourceOf(direction, since)
      await open(account, async (thread) => {
        if (!thread.has(started)) return
        const text = account.texts.operator.backlogOver[direction]
        await thread.write({ sourceId: `${started}:over`, text, loudness: 'activity' })
      })
    },

    async failures(account: Account, { count, newest, reason }: NewsOf<'failures'>): Promise<void> {
      const text = account.texts.operator.failures(count, reason)
      const sourceId = `operator:failures:${newest}`
      await open(account, (thread) => thread.write({ sourceId, text, loudness: 'alert' }))
    },

    async limit(account: Account, { code, since }: NewsOf<'limit'>): Promise<void> {
      const { what, helps } = account.texts.limits[code]
      const sourceId = `operator:limit:${code}:${since}`
      await open(account, (thread) =>
        thread.write({ sourceId, text: `${what} ${helps}`, loudness: 'alert' }),
      )
    },

    /** Good news, and none when nobody was told of the bad ones. */
    async limitOver(account: Account, { code, since }: NewsOf<'limit-over'>): Promise<void> {
      const started = `operator:limit:${code}:${since}`
      await open(account, async (thread) => {
        if (!thread.has(started)) return
        const text = account.texts.operator.limitOver
        await thread.write({ sourceId: `${started}:over`, text, loudness: 'activity' })
      })
    },

    async redisLost(
      account: Account,
      { id, what, remembers, at }: NewsOf<'redis-lost'>,
    ): Promise<void> {
      const text = account.texts.operator.redisLost[what](at, remembers)
      // Processes that share the Redis notice the same loss.
      const sourceId = `operator:redis-lost:${id}`
      await open(account, (thread) => thread.write({ sourceId, text, loudness: 'alert' }))
    },

    async needed(account: Account, { code, reason, at }: NewsOf<'needed'>): Promise<void> {
      const text = account.texts.operator.needed(reason)
      const sourceId = `operator:needed:${code}:${at}`
      await open(account, (thread) => thread.write({ sourceId, text, loudness: 'alert' }))
    },
  }
}
