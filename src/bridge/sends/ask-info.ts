import type { Account } from '../../accounts/account.ts'
import type { ChatId, MsgId } from '../../kernel/ids.ts'
import type { MessageInfo } from '../../platforms/wasender/messages.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory, type RedisState } from '../../state/redis/memory.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { Answers, Disowned } from './echoes.ts'
import type { UnnamedFailures } from './failed-send.ts'
import type { Journal } from './journal.ts'
import type { MessageLog } from './message-log.ts'
import type { Receipts } from './receipts.ts'
import type { Reported } from './report-requests.ts'

/** How often it was asked before, and whether it is asked no more after this. */
export type Question = { asked: number; isLast: boolean }

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
  disowned: Pick<Disowned, 'confirm' | 'settle'>
  toldInfos: ToldInfos
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
  const { journal, receipts, messageLog, disowned, toldInfos, unnamedFailures } = deps
  const proveArrival = createProveArrival(deps)

  async function learn(account: Account, link: OutboundLink, { keyId }: MessageInfo) {
    await toldInfos.note(link)
    if (link.keyId === keyId) return disowned.confirm(account.id, keyId)
    const linked = await journal.note(link, { kind: 'linked', keyId, by: 'info' })
    await receipts.linked(account, linked)
    await disowned.settle(account, linked)
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
    const isOverdue = isLast && status !== 'sent' && (await toldInfos.hasLaterThan(link))
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
    if (link.linkedBy === 'info') await disowned.settle(account, link)
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
type ToldInfos = {
  note(link: OutboundLink): Promise<void>
  hasLaterThan(link: OutboundLink): Promise<boolean>
}

export function createToldInfos(state: RedisState): ToldInfos {
  const toldInfos = createMemory(state, MEMORIES.toldInfos)
  return {
    note: ({ account, sentAt }) => toldInfos(account).set(sentAt),
    hasLaterThan: async ({ account, sentAt }) => ((await toldInfos(account).get()) ?? 0) > sentAt,
  }
}
