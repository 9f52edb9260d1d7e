import type { Account } from '../../account.ts'
import type { MsgId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { MessageInfo } from '../../wasender/message-info.ts'
import type { Disowned } from './disowned.ts'
import type { Journal } from './journal.ts'
import type { MessageLog } from './message-log.ts'
import type { Receipts } from './receipts.ts'

/** Asks once for the WhatsApp id of a send; true when there is nothing left to learn. */
export type AskInfo = (account: Account, msgId: MsgId, asked: number) => Promise<boolean>

/** From this question on the message log is asked too, why it takes so long. */
const ASK_LOG_FROM = 6

/** `/info` is authoritative: it overrules an echo that was recognised by its content (wasender-api.md, section 12). */
export function createAskInfo(deps: {
  journal: Journal
  receipts: Receipts
  messageLog: MessageLog
  disowned: Disowned
}): AskInfo {
  const { journal, receipts, messageLog, disowned } = deps

  async function learn(account: Account, link: OutboundLink, { keyId }: MessageInfo) {
    if (link.keyId === keyId) return disowned.confirm(account.id, keyId)
    const linked = await journal.note(link, { kind: 'linked', keyId, by: 'info' })
    await receipts.linked(account, linked)
    await disowned.settle(account, linked)
  }

  /** The gateway tells of a failure by a webhook without ids, which may be lost or fit no send. */
  async function hasFailed(account: Account, link: OutboundLink): Promise<boolean> {
    if (account.managedSession === undefined || link.state !== 'accepted') return false
    const row = await messageLog.row(account, link)
    if (row?.status !== 'failed') return false
    const reason = account.texts.failed.notDelivered
    await journal.note(link, { kind: 'failed', reason })
    await receipts.report(account, link.conversationId, link.messageId)
    return true
  }

  return async (account, msgId, asked) => {
    const link = await journal.byMsgId(account.id, msgId)
    if (link === undefined) return true
    if (link.linkedBy === 'info') {
      await disowned.settle(account, link)
      return true
    }
    const info = await account.wasender.messages.info(msgId)
    if (info === undefined) return asked >= ASK_LOG_FROM && (await hasFailed(account, link))
    await learn(account, link, info)
    return true
  }
}
