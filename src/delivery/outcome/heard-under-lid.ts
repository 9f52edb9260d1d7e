import type { Account } from '../../account.ts'
import type { ChatId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import { formatJid } from '../../wasender/jid.ts'
import type { Answers } from './answers.ts'
import type { Journal } from './journal.ts'
import type { RequestReport } from './report-requests.ts'

/** WhatsApp tells seconds. */
const SECOND = 1_000

/**
 * Notes that a customer answered under a LID; `at` by WhatsApp's clock, ms since 1970. That proves what was sent there
 * before, also when the agent was told that nothing shows it: then the message is shown as delivered after all.
 */
export type HeardUnderLid = (
  account: Account,
  chat: ChatId,
  lid: string,
  at: number,
) => Promise<void>

export function createHeardUnderLid(deps: {
  answers: Pick<Answers, 'heard'>
  journal: Pick<Journal, 'unprovenIn' | 'note'>
  report: RequestReport
}): HeardUnderLid {
  const { answers, journal, report } = deps
  return async (account, chat, lid, at) => {
    await answers.heard(account.id, lid, at)
    const to = formatJid({ kind: 'lid', id: lid })
    const isProven = (link: OutboundLink) => link.to === to && link.sentAt - SECOND <= at
    for (const link of (await journal.unprovenIn(account.id, chat)).filter(isProven)) {
      await journal.note(link, { kind: 'delivered' })
      const { messageId: id, conversationId } = link
      await report(account, chat, { id, conversation: { id: conversationId } })
    }
  }
}
