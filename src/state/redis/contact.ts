import type { Redis } from 'ioredis'
import { createOnceEvery } from '../../kernel/async.ts'
import type { Logger } from '../../kernel/log.ts'
import { awayReason } from './away.ts'

/** Whether a connection takes commands. */
export type Contact = {
  /** Why it does not, in words for the operator; `undefined` while it does. */
  problem(): string | undefined
}

/** What waiting does not mend. */
const REFUSED = new Set(['WRONGPASS', 'NOAUTH', 'NOPERM'])
/** How often the operator is told so again. */
const REPEAT_MS = 60_000

/**
 * Watches a connection that comes back by itself, and says loudly what only the operator can mend. Only the first word of
 * an error is repeated: ioredis hands the password along with a refused one.
 */
export function watchContact(redis: Redis, log: Logger): Contact {
  const isNews = createOnceEvery(REPEAT_MS)
  let last: Error | undefined

  redis.on('error', (error: Error) => {
    last = error
    const reason = refusalIn(error)
    if (reason !== undefined && isNews(reason)) log.error({ reason }, refused(reason))
  })
  redis.on('ready', () => {
    last = undefined
  })

  return {
    problem() {
      if (redis.status === 'ready') return undefined
      const reason = last === undefined ? undefined : refusalIn(last)
      if (reason !== undefined) return refused(reason)
      const away = last === undefined ? undefined : awayReason(last)
      if (redis.status === 'connect' || away === 'LOADING') return 'Redis is starting or hangs'
      return `Redis cannot be reached (${away ?? 'no answer'})`
    },
  }
}

const refused = (reason: string): string =>
  `Redis refuses what redis.url says about user and password (${reason}): mend it and restart the bridge`

function refusalIn({ message }: Error): string | undefined {
  const [word = ''] = message.split(' ', 1)
  return REFUSED.has(word) ? word : undefined
}
