import type { Account } from '../../account.ts'
import type { KeyId } from '../../ids.ts'
import type { Texts } from '../../locale/index.ts'
import { storeKey } from '../../store/keys.ts'
import type { InboundLink, OutboundLink, Store } from '../../store/types.ts'
import type { Failures } from '../failures/failures.ts'
import { isLimitCode, type Limits } from '../outages/limits.ts'
import type { EarlyReceipts, ReceiptNews } from './early-receipts.ts'
import type { Journal } from './journal.ts'
import type { OwnUpdates } from './own-updates.ts'
import { createReportMessage } from './report-message.ts'
import { isNews, type Report } from './report-status.ts'
import type { SendElsewhere } from './send-elsewhere.ts'
import { showStatus } from './show-status.ts'

/** Receipts of WhatsApp on their way to the ticks in Chatwoot. */
export type Receipts = {
  /** WhatsApp told how far a message of ours has come. */
  received(account: Account, keyId: KeyId, news: ReceiptNews): Promise<void>
  /** A send has just got its WhatsApp id: receipts that came before are played now. */
  linked(account: Account, link: OutboundLink): Promise<void>
  /** Tells Chatwoot the state of an agent's message, when that is news; or `again`, when it shows less. */
  report: ReturnType<typeof createReportMessage>
}

export function createReceipts(deps: {
  journal: Journal
  early: EarlyReceipts
  store: Store
  failures: Pick<Failures, 'forget'>
  limits: Pick<Limits, 'refused' | 'passed'>
  sendElsewhere: SendElsewhere
  ownUpdates: Pick<OwnUpdates, 'expect'>
}): Receipts {
  const { journal, early, store, limits } = deps
  const report = createReportMessage(deps)

  /** WhatsApp has not taken it. */
  async function failed(account: Account, link: OutboundLink, code: string | undefined) {
    const reason = reasonFor(account.texts, code)
    if (isLimitCode(code)) await limits.refused(account.id, code, link.chat)
    const isElsewhere =
      code === '463' && (await deps.sendElsewhere(account, link, { why: 'limit', reason }))
    if (!isElsewhere) await journal.note(link, { kind: 'failed', reason })
    await report(account, link.conversationId, link.messageId)
  }

  async function sentByAgent(account: Account, link: OutboundLink, heard: ReceiptNews) {
    const { receipt, errorCode } = heard
    if (receipt === 'failed') return failed(account, link, errorCode)
    await journal.note(link, { kind: receipt })
    await limits.passed(link)
    await report(account, link.conversationId, link.messageId)
  }

  /** A message typed on the phone and mirrored: its ticks live in Chatwoot only. */
  async function typedOnPhone(account: Account, link: InboundLink, { receipt }: ReceiptNews) {
    if (!link.fromMe || receipt === 'failed') return
    const news: Report = { status: receipt }
    if (!isNews(news, link.receipt)) return
    await showStatus(account, link.conversationId, link.messageId, news, link.receipt)
    await store.links.put(storeKey.inboundLink(account.id, link.keyId), { ...link, receipt })
  }

  return {
    report,

    async received(account, keyId, news) {
      const known = await journal.byKeyId(account.id, keyId)
      if (known === undefined) {
        await early.keep(account.id, keyId, news)
        // The link may have been made between the look and the keeping; whoever is second sees both.
        if ((await journal.byKeyId(account.id, keyId)) === undefined) return
      }
      const link = known ?? (await journal.byKeyId(account.id, keyId))
      if (link?.direction === 'out') await sentByAgent(account, link, news)
      if (link?.direction === 'in') await typedOnPhone(account, link, news)
    },

    async linked(account, link) {
      const news = link.keyId === undefined ? undefined : await early.find(account.id, link.keyId)
      if (news !== undefined) await sentByAgent(account, link, news)
      else await report(account, link.conversationId, link.messageId)
    },
  }
}

/** WhatsApp's number for an error in words for an agent (docs/platforms/wasender.md#status-changes). */
export function reasonFor({ events, failed }: Texts, errorCode: string | undefined): string {
  if (errorCode === undefined) return failed.notDelivered
  return events.refusals[errorCode] ?? events.refusedWith(errorCode)
}
