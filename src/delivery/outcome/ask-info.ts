import type { Account } from '../../account.ts'
import type { ChatId, MsgId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { MessageInfo } from '../../wasender/message-info.ts'
import type { Disowned } from './disowned.ts'
import type { Journal } from './journal.ts'
import type { MessageLog } from './message-log.ts'
import { createProveArrival, isToLid, type ProveArrivalDeps } from './prove-arrival.ts'
import type { Receipts } from './receipts.ts'
import type { Reported } from './report-requests.ts'
import type { ToldInfos } from './told-infos.ts'
import type { UnnamedFailures } from './unnamed-failures.ts'

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

export type AskInfoDeps = ProveArrivalDeps & {
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
