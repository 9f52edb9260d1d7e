import type { Account } from '../../account.ts'
import type { ChatId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import { formatJid } from '../../wasender/jid.ts'
import type { Answers } from './answers.ts'
import type { Journal } from './journal.ts'
import type { RequestReport } from './report-requests.ts'

/**
 * Notes that a customer answered under a LID; `by`: see `writtenBy`. That proves what was sent there
 * before, also when the agent was told that nothing shows it: then the message is shown as delivered after all.
 */
export async function heardUnderLid(
  account: Account,
  { chat, lid, by }: { chat: ChatId; lid: string; by: number },
  deps: {
    answers: Pick<Answers, 'heard'>
    journal: Pick<Journal, 'unprovenIn' | 'note'>
    report: RequestReport
  },
): Promise<void> {
  const { answers, journal, report } = deps
  await answers.heard(account.id, lid, by)
  const to = formatJid({ kind: 'lid', id: lid })
  const isProven = (link: OutboundLink) => link.to === to && link.sentAt <= by
  for (const link of (await journal.unprovenIn(account.id, chat)).filter(isProven)) {
    await journal.note(link, { kind: 'delivered' })
    const { messageId: id, conversationId } = link
    await report(account, chat, { id, conversation: { id: conversationId } })
  }
}
