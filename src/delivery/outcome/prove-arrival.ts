import type { Account } from '../../account.ts'
import type { ChatId, MsgId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { MessageInfo } from '../../wasender/message-info.ts'
import type { Answers } from './answers.ts'
import type { Journal } from './journal.ts'
import type { Reported } from './report-requests.ts'

export type ProveArrivalDeps = {
  journal: Journal
  answers: Pick<Answers, 'after'>
  /** Durably asks for the message's state to be told to Chatwoot. */
  report: (account: Account, chat: ChatId, message: Reported) => Promise<void>
}

/** WhatsApp's number for the state (docs/platforms/wasender.md#message-operations). */
const DELIVERED = 3

export function isToLid({ to }: OutboundLink): boolean {
  return to?.endsWith('@lid') === true
}

/**
 * Whether what went to a LID has arrived: WhatsApp takes and echoes what goes to a LID that it made up, so that only a
 * receipt or an answer proves it. Without either at the last question the agent is told, and what comes later still counts.
 */
export function createProveArrival({ journal, answers, report }: ProveArrivalDeps) {
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
