import { DelayedError, type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Account } from '../../accounts/account.ts'
import { isRetryable } from '../../kernel/errors.ts'
import type { AccountId, MsgId } from '../../kernel/ids.ts'
import { closeWorker, createInHand } from '../../state/redis/close-worker.ts'
import { redisKey } from '../../state/redis/keys.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { AskInfo, Question } from './ask-info.ts'

/**
 * Learns the WhatsApp id of an accepted send from `/messages/{msgId}/info`, when no echo tells it or to make sure that
 * what was taken for its echo is it. It is asked soon at first, then less and less often for a day, since a session
 * may be down for long (docs/platforms/wasender.md#what-became-of-a-send).
 */
export type InfoPolls = {
  /** Durable once resolved; asking twice for one message does no harm. */
  schedule(link: OutboundLink): Promise<void>
  start(): void
  close(): Promise<void>
}

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const WAITS_MS: readonly number[] = [
  ...[2, 5, 10, 20, 40, 80, 300, 900].map((seconds) => seconds * SECOND),
  ...[1, 4, 8, 12].map((hours) => hours * HOUR),
]

/** Questions of one account under way at once, and how many more of them wait for their turn here. */
const SHARE = { asking: 5, waiting: 20 }
/** The others come again later, not all at the same moment. */
const BUSY_MS = 5 * SECOND

/** From the send to the last question. */
const TOTAL_MS = WAITS_MS.reduce((total, each) => total + each, 0)

type PollJob = Job<{ account: AccountId; msgId: MsgId; asked: number }>

export function createInfoPolls(options: {
  redis: Redis
  blockingRedis: Redis
  prefix: string
  askInfo: AskInfo
  accounts: ReadonlyMap<AccountId, Account>
  onError: (error: unknown) => void
}): InfoPolls {
  const { askInfo, accounts, onError } = options
  const shares = createPollShares(SHARE)
  const inHand = createInHand()
  const prefix = redisKey(options.prefix, 'bull')
  const queue = new Queue('info-polls', {
    connection: options.redis,
    prefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  })

  /** True when there is nothing left to learn. */
  async function ask(account: Account, msgId: MsgId, question: Question) {
    try {
      return await askInfo(account, msgId, question)
    } catch (error) {
      if (isRetryable(error)) return false
      throw error
    }
  }

  async function again(job: PollJob, token: string | undefined, ms: number): Promise<never> {
    await job.moveToDelayed(Date.now() + ms, token)
    throw new DelayedError()
  }

  const run = async (job: PollJob, token?: string): Promise<void> => {
    const { account: id, msgId, asked } = job.data
    const account = accounts.get(id)
    if (account === undefined) return
    const leave = await shares.enter(id)
    if (leave === 'full') return again(job, token, BUSY_MS * (1 + Math.random()))
    const wait = WAITS_MS[asked + 1]
    const question = { asked, isLast: wait === undefined }
    const isLearned = await inHand.track(ask(account, msgId, question).finally(leave))
    if (isLearned === true || wait === undefined) return
    const isForLast = isLearned === 'at the end'
    await job.updateData({ ...job.data, asked: isForLast ? WAITS_MS.length - 1 : asked + 1 })
    // The end is a day after the send, however late this question was asked.
    await again(job, token, isForLast ? job.timestamp + TOTAL_MS - Date.now() : wait)
  }

  const worker = new Worker(queue.name, run, {
    connection: options.blockingRedis,
    prefix,
    autorun: false,
    concurrency: Math.max(1, accounts.size) * (SHARE.asking + SHARE.waiting),
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  })
  worker.on('error', onError)
  worker.on('failed', (_job, error) => onError(error))
  queue.on('error', onError)

  return {
    async schedule({ account, msgId }) {
      if (msgId === undefined) return
      const jobId = `${account}-${msgId}`
      await queue.add('info', { account, msgId, asked: 0 }, { jobId, delay: WAITS_MS[0] ?? 0 })
    },
    start: () => void worker.run().catch(onError),
    async close() {
      shares.close()
      await closeWorker(worker, options.redis, inHand)
      await queue.close()
    },
  }
}

/** How many questions each account may have under way, so that none waits for another one's gateway. */
type PollShares = {
  /**
   * Resolves when it is the account's turn, with what ends it; `full` at once when too many of the account wait already,
   * or after the end.
   */
  enter(account: AccountId): Promise<(() => void) | 'full'>
  /** Lets nobody wait any longer. */
  close(): void
}

type Share = { asking: number; waiting: ((turn: 'mine' | 'full') => void)[] }

export function createPollShares(options: { asking: number; waiting: number }): PollShares {
  const shares = new Map<AccountId, Share>()
  let isClosed = false

  function shareOf(account: AccountId): Share {
    const share = shares.get(account) ?? { asking: 0, waiting: [] }
    shares.set(account, share)
    return share
  }

  function leaving(share: Share): () => void {
    return () => {
      const next = share.waiting.shift()
      // Whoever is next takes the turn over.
      if (next === undefined) share.asking -= 1
      else next('mine')
    }
  }

  return {
    async enter(account) {
      const share = shareOf(account)
      if (isClosed) return 'full'
      if (share.asking < options.asking) {
        share.asking += 1
        return leaving(share)
      }
      if (share.waiting.length >= options.waiting) return 'full'
      const turn = await new Promise<'mine' | 'full'>((go) => share.waiting.push(go))
      return turn === 'mine' ? leaving(share) : turn
    },
    close() {
      isClosed = true
      for (const { waiting } of shares.values()) {
        for (const go of waiting.splice(0)) go('full')
      }
    },
  }
}
