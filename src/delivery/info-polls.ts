import { DelayedError, type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Account } from '../account.ts'
import { isRetryable } from '../errors.ts'
import type { AccountId, MsgId } from '../ids.ts'
import type { OutboundLink } from '../store/types.ts'
import type { Journal } from './journal.ts'
import type { Receipts } from './receipts.ts'

/**
 * Learns the WhatsApp id of an accepted send from `/messages/{msgId}/info`, for when no echo tells it. The
 * waits between the questions are the reference's (wasender-api.md, section 7.3).
 */
export type InfoPolls = {
  /** Durable once resolved; asking twice for one message does no harm. */
  schedule(link: OutboundLink): Promise<void>
  start(): void
  close(): Promise<void>
}

const WAITS_MS = [2_000, 5_000, 10_000, 20_000, 40_000, 80_000] as const

type PollJob = Job<{ account: AccountId; msgId: MsgId; asked: number }>

export function createInfoPolls(options: {
  redis: Redis
  blockingRedis: Redis
  prefix: string
  journal: Journal
  receipts: Receipts
  accountOf: (id: AccountId) => Account | undefined
  onError: (error: unknown) => void
}): InfoPolls {
  const { journal, receipts, accountOf, onError } = options
  const prefix = `${options.prefix}bull`
  const queue = new Queue('info-polls', {
    connection: options.redis,
    prefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  })

  /** True when there is nothing left to learn. */
  async function ask(account: Account, msgId: MsgId): Promise<boolean> {
    const link = await journal.byMsgId(account.id, msgId)
    if (link === undefined || link.keyId !== undefined) return true
    try {
      const info = await account.wasender.messages.info(msgId)
      if (info === undefined) return false
      const linked = await journal.note(link, { kind: 'linked', keyId: info.keyId, by: 'info' })
      await receipts.linked(account, linked)
      return true
    } catch (error) {
      if (isRetryable(error)) return false
      throw error
    }
  }

  const run = async (job: PollJob, token?: string): Promise<void> => {
    const { account: id, msgId, asked } = job.data
    const account = accountOf(id)
    if (account === undefined || (await ask(account, msgId))) return
    const wait = WAITS_MS[asked + 1]
    if (wait === undefined) return
    await job.updateData({ ...job.data, asked: asked + 1 })
    await job.moveToDelayed(Date.now() + wait, token)
    throw new DelayedError()
  }

  const worker = new Worker(queue.name, run, {
    connection: options.blockingRedis,
    prefix,
    autorun: false,
    concurrency: 10,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  })
  worker.on('error', onError)
  worker.on('failed', (_job, error) => onError(error))
  queue.on('error', onError)

  return {
    async schedule({ account, msgId }) {
      if (msgId === undefined) return
      const jobId = `${account}-${msgId}`
      await queue.add('info', { account, msgId, asked: 0 }, { jobId, delay: WAITS_MS[0] })
    },
    start: () => void worker.run().catch(onError),
    async close() {
      await worker.close()
      await queue.close()
    },
  }
}
