import type { Account } from '../../accounts/account.ts'
import { isLimitCode, type Limits } from '../../accounts/limits.ts'
import type { Texts } from '../../content/locale/index.ts'
import type { AccountId, ChatId, KeyId } from '../../kernel/ids.ts'
import { formatJid } from '../../platforms/wasender/jid.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory, type RedisState } from '../../state/redis/memory.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { InboundLink, OutboundLink, Store } from '../../state/store/types.ts'
import type { Answers } from './echoes.ts'
import type { Journal } from './journal.ts'
import {
  createReportMessage,
  isNews,
  type OwnUpdates,
  type Report,
  type RequestReport,
  showStatus,
} from './report-message.ts'
import type { SendElsewhere } from './send-elsewhere.ts'

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

/** What WhatsApp reports about a message of ours. */
export type Receipt = 'delivered' | 'read' | 'failed'

/** `errorCode`: WhatsApp's own number for a failure. */
type ReceiptNews = { receipt: Receipt; errorCode?: string }

/**
 * Receipts that arrive before the message's WhatsApp id is known. They are kept until the id is linked, then played;
 * the furthest one wins (docs/platforms/wasender.md#message-ids).
 */
type EarlyReceipts = {
  keep(account: AccountId, keyId: KeyId, news: ReceiptNews): Promise<void>
  /** What is kept for this id, if anything. It stays until it expires: telling it twice does no harm. */
  find(account: AccountId, keyId: KeyId): Promise<ReceiptNews | undefined>
}

const RANK: Record<Receipt, number> = { failed: 0, delivered: 1, read: 2 }

export function createEarlyReceipts(state: RedisState): EarlyReceipts {
  const early = createMemory(state, MEMORIES.earlyReceipts)

  async function find(account: AccountId, keyId: KeyId): Promise<ReceiptNews | undefined> {
    const [receipt = '', errorCode] = (await early(account, keyId).get())?.split(':') ?? []
    if (!Object.hasOwn(RANK, receipt)) return undefined
    const news = { receipt: receipt as Receipt }
    return errorCode === undefined ? news : { ...news, errorCode }
  }

  return {
    find,
    async keep(account, keyId, { receipt, errorCode }) {
      const kept = await find(account, keyId)
      if (kept !== undefined && RANK[kept.receipt] >= RANK[receipt]) return
      const value = errorCode === undefined ? receipt : `${receipt}:${errorCode}`
      await early(account, keyId).set(value)
    },
  }
}

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
