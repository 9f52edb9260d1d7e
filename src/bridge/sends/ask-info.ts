import { DelayedError, type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Account } from '../../accounts/account.ts'
import { isRetryable } from '../../kernel/errors.ts'
import type { AccountId, ChatId, MsgId } from '../../kernel/ids.ts'
import type { MessageInfo } from '../../platforms/wasender/messages.ts'
import { closeWorker, createInHand } from '../../state/redis/close-worker.ts'
import { redisKey } from '../../state/redis/keys.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory, type RedisState } from '../../state/redis/memory.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { Answers, MistakenEchoes } from './echoes.ts'
import type { UnnamedFailures } from './failed-send.ts'
import type { Journal } from './journal.ts'
import type { MessageLog } from './message-log.ts'
import type { Receipts } from './receipts.ts'
import type { Reported } from './report-message.ts'

/** How often it was asked before, and whether it is asked no more after this. */
type Question = { asked: number; isLast: boolean }

/**
 * Asks once for the WhatsApp id of a send; true when there is nothing left to learn. `at the end`: only whether it has
 * arrived, after a day.
 */
export type AskInfo = (
  account: Account,
  msgId: MsgId,
  question: Question,
) => Promise<boolean | 'at the end'>

type AskInfoDeps = ProveArrivalDeps & {
  journal: Journal
  receipts: Pick<Receipts, 'linked'>
  messageLog: Pick<MessageLog, 'row'>
  mistakenEchoes: Pick<MistakenEchoes, 'confirm' | 'settle'>
  infoWatermark: InfoWatermark
  unnamedFailures: Pick<UnnamedFailures, 'after' | 'settle'>
  /** Durably asks for the message's state to be told to Chatwoot. */
  report: (account: Account, chat: ChatId, message: Reported) => Promise<void>
}

/** From this question on the message log is asked too, why it takes so long. */
const ASK_LOG_FROM = 6
/** Half a minute after it was accepted: an echo takes seconds. */
const SUSPECT_FROM = 3

/**
 * `/info` is authoritative: it overrules an echo that was recognised by its content
 * (docs/platforms/wasender.md#message-ids).
 */
export function createAskInfo(deps: AskInfoDeps): AskInfo {
  const { journal, receipts, messageLog, mistakenEchoes, infoWatermark, unnamedFailures } = deps
  const proveArrival = createProveArrival(deps)

  async function learn(account: Account, link: OutboundLink, { keyId }: MessageInfo) {
    await infoWatermark.note(link)
    if (link.keyId === keyId) return mistakenEchoes.confirm(account.id, keyId)
    const linked = await journal.note(link, { kind: 'linked', keyId, by: 'info' })
    await receipts.linked(account, linked)
    await mistakenEchoes.settle(account, linked)
  }

  /** What the gateway's log says of it, with a personal access token. */
  async function logged(account: Account, link: OutboundLink) {
    if (account.managedSession === undefined || link.state !== 'accepted') return undefined
    return (await messageLog.row(account, link))?.status
  }

  const report = (account: Account, { chat, conversationId, messageId }: OutboundLink) =>
    deps.report(account, chat, { id: messageId, conversation: { id: conversationId } })

  /** The gateway tells of a failure by a webhook without ids, which may be lost or fit no send. */
  async function failed(account: Account, link: OutboundLink): Promise<void> {
    await journal.note(link, { kind: 'failed', reason: account.texts.failed.notDelivered })
    await report(account, link)
  }

  /** Only a person can find out now whether it arrived. */
  async function doubt(account: Account, link: OutboundLink): Promise<void> {
    if (link.deletedBy !== undefined) return
    const reason = account.texts.failed.mayHaveArrived
    const { inDoubt } = await journal.note(link, { kind: 'unconfirmed', reason })
    if (inDoubt) await report(account, link)
  }

  async function withoutInfo(account: Account, link: OutboundLink, question: Question) {
    if (link.state === 'failed') {
      // A crash may have come before that was told; what was told already is not told again.
      await report(account, link)
      return false
    }
    const failure = link.state === 'accepted' ? await unnamedFailures.after(link) : undefined
    const became = await becameOf(account, link, { ...question, isSuspect: failure !== undefined })
    if (became === 'on its way') return false
    await (became === 'failed' ? failed : doubt)(account, link)
    if (failure !== undefined) await unnamedFailures.settle(account.id, failure)
    return became === 'failed'
  }

  /** `isSuspect`: a failure that names no send came after it. By the log it is this one for certain, else by its silence. */
  async function becameOf(
    account: Account,
    link: OutboundLink,
    { asked, isLast, isSuspect }: Question & { isSuspect: boolean },
  ): Promise<'failed' | 'doubtful' | 'on its way'> {
    const status = isSuspect || asked >= ASK_LOG_FROM ? await logged(account, link) : undefined
    if (status === 'failed') return 'failed'
    if (isSuspect && status === undefined && asked >= SUSPECT_FROM) return 'doubtful'
    // For a day it was on its way, while later ones have left.
    const isOverdue = isLast && status !== 'sent' && (await infoWatermark.hasLaterThan(link))
    return isOverdue ? 'doubtful' : 'on its way'
  }

  async function askNow(account: Account, link: OutboundLink, msgId: MsgId, question: Question) {
    const info = await account.wasender.messages.info(msgId)
    if (info !== undefined) await learn(account, link, info)
    if (isToLid(link) && (info !== undefined || question.isLast)) {
      return proveArrival(account, msgId, info, question)
    }
    return info === undefined ? withoutInfo(account, link, question) : true
  }

  return async (account, msgId, question) => {
    const link = await journal.byMsgId(account.id, msgId)
    if (link === undefined) return true
    if (link.linkedBy === 'info') await mistakenEchoes.settle(account, link)
    if (link.linkedBy === 'info' && !isToLid(link)) return true
    return askNow(account, link, msgId, question)
  }
}

type ProveArrivalDeps = {
  journal: Journal
  answers: Pick<Answers, 'after'>
  /** Durably asks for the message's state to be told to Chatwoot. */
  report: (account: Account, chat: ChatId, message: Reported) => Promise<void>
}

/** WhatsApp's number for the state (docs/platforms/wasender.md#message-operations). */
const DELIVERED = 3

function isToLid({ to }: OutboundLink): boolean {
  return to?.endsWith('@lid') === true
}

/**
 * Whether what went to a LID has arrived: WhatsApp takes and echoes what goes to a LID that it made up, so that only a
 * receipt or an answer proves it. Without either at the last question the agent is told, and what comes later still counts.
 */
function createProveArrival({ journal, answers, report }: ProveArrivalDeps) {
  /** What `/info` says of it counts as a receipt, whose webhook may be lost. */
  async function learn(link: OutboundLink, info: MessageInfo | undefined): Promise<OutboundLink> {
    const { status = 0 } = info ?? {}
    if (status < DELIVERED) return link
    return journal.note(link, { kind: status > DELIVERED ? 'read' : 'delivered' })
  }

  return async (
    account: Account,
    msgId: MsgId,
    info: MessageInfo | undefined,
    { isLast }: { isLast: boolean },
  ): Promise<boolean | 'at the end'> => {
    const found = await journal.byMsgId(account.id, msgId)
    if (found === undefined) return true
    const link = await learn(found, info)
    const isOpen = ['accepted', 'linked'].includes(link.state) && link.deletedBy === undefined
    if (isOpen && !isLast) return 'at the end'
    if (isOpen && !(await answers.after(link))) {
      await journal.note(link, { kind: 'unproven', reason: account.texts.failed.unproven })
    }
    const { chat, conversationId: id } = link
    await report(account, chat, { id: link.messageId, conversation: { id } })
    return true
  }
}

/**
 * Up to which send `/info` has told WhatsApp ids. That it tells none of one send means nothing as long as it may not work
 * for this account at all; it does once it has told that of a later one.
 */
type InfoWatermark = {
  note(link: OutboundLink): Promise<void>
  hasLaterThan(link: OutboundLink): Promise<boolean>
}

export function createInfoWatermark(state: RedisState): InfoWatermark {
  const infoWatermark = createMemory(state, MEMORIES.infoWatermark)
  return {
    note: ({ account, sentAt }) => infoWatermark(account).set(sentAt),
    hasLaterThan: async ({ account, sentAt }) =>
      ((await infoWatermark(account).get()) ?? 0) > sentAt,
  }
}

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
