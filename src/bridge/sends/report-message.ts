import type { Account } from '../../accounts/account.ts'
import { createKeyedQueue } from '../../kernel/async.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AccountId, ChatId, ConversationId, MessageId } from '../../kernel/ids.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import type { Dispatch } from '../../queue/queue.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { OutboundLink, ReportedStatus, SendState, Store } from '../../state/store/types.ts'
import type { OutEvent, ReportEvent } from '../events.ts'
import type { Journal } from './journal.ts'

type About = { conversation: ConversationId; message: MessageId }

/** `overtaken`: another process has told something else meanwhile, and nobody knows whose word came last. */
type Told = 'nothing' | 'told' | 'overtaken'

type Telling = {
  parts: readonly OutboundLink[]
  first: OutboundLink
  news: Report
  /** What Chatwoot shows, as far as that is known. */
  shown: ReportedStatus | undefined
}

/**
 * Tells Chatwoot the state of an agent's message, when that is news. Several want to at once: the status lane, the echo
 * in the lane of the customer's messages, the answers of `/info`, and the same in other processes. So within a process
 * a message has its turns, and after each telling it is looked at again: what was learned meanwhile found nothing to tell
 * as long as this one was not noted.
 *
 * `again`: Chatwoot may show less than it was told. It is looked at, and told what is known if so.
 */
export function createReportMessage(deps: {
  journal: Journal
  store: Pick<Store, 'links'>
  failures: Pick<Failures, 'forget'>
  ownUpdates: Pick<OwnUpdates, 'expect'>
}) {
  const { journal, store, failures, ownUpdates } = deps
  const keyedQueue = createKeyedQueue()

  async function tellNews(account: Account, about: About, last: Told): Promise<Told> {
    const parts = await journal.ofMessage(account.id, about.message)
    const [first] = parts
    if (first === undefined) return 'nothing'
    const news = statusOf(parts, account.texts.failed.notDelivered)
    if (last !== 'overtaken' && !isNews(news, first.reported)) return 'nothing'
    // It may be the failure that came last.
    const shown = last === 'overtaken' ? 'failed' : first.reported
    return tell(account, about, { parts, first, news, shown })
  }

  /** A failure of its own is not told again: nobody but an agent, with Retry, takes that away. */
  async function tellAgain(account: Account, about: About): Promise<Told> {
    const { conversation, message } = about
    const shown = (await account.chatwoot.messages.get(conversation, message))?.status
    const parts = await journal.ofMessage(account.id, message)
    const [first] = parts
    if (first === undefined || shown === undefined) return 'told'
    const news = statusOf(parts, account.texts.failed.notDelivered)
    if (news.status === 'failed' || !isNews(news, shown)) return 'told'
    return tell(account, about, { parts, first, news, shown })
  }

  async function tell(account: Account, about: About, telling: Telling): Promise<Told> {
    const { conversation, message } = about
    const { parts, first, news, shown } = telling
    ownUpdates.expect(account.id, message)
    await showStatus(account, conversation, message, news, shown)
    // What proved to have arrived is no dead letter; what is being sent again may yet become one anew.
    if (shown === 'failed' && parts.every(isUnderway)) await failures.forget(account.id, message)
    return noteTold(first, news.status)
  }

  async function noteTold(first: OutboundLink, status: ReportedStatus): Promise<Told> {
    let found: ReportedStatus | undefined
    const id = storeKey.outboundLink(first.account, first.messageId, first.part)
    await store.links.update(id, (link) => {
      if (link?.direction !== 'out') return undefined
      found = link.reported
      return { ...link, reported: status }
    })
    return found === first.reported || found === status ? 'told' : 'overtaken'
  }

  return (
    account: Account,
    conversation: ConversationId,
    message: MessageId,
    { again = false }: { again?: boolean } = {},
  ): Promise<void> =>
    keyedQueue(`${account.id}:${message}`, async () => {
      const about = { conversation, message }
      let told: Told = again ? await tellAgain(account, about) : 'told'
      while (told !== 'nothing') told = await tellNews(account, about, told)
    })
}

/** WhatsApp has it. */
function isUnderway({ state }: OutboundLink): boolean {
  return ['accepted', 'linked', 'delivered', 'read'].includes(state)
}

/** What to tell Chatwoot about an agent's message. */
export type Report =
  | { status: Exclude<ReportedStatus, 'failed'> }
  | { status: 'failed'; reason: string }

const SHOWN: Record<SendState, ReportedStatus> = {
  queued: 'sent',
  sending: 'sent',
  unknown: 'sent',
  accepted: 'sent',
  linked: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'failed',
}

const RANK: Record<Exclude<ReportedStatus, 'failed'>, number> = { sent: 0, delivered: 1, read: 2 }

/**
 * The status of a message made of several WhatsApp messages: the worst of them. Those that are still to be sent count
 * as sent, so that a failure among them is not overtaken by the receipts of the first.
 */
export function statusOf(parts: readonly OutboundLink[], fallbackReason: string): Report {
  const failed = parts.find((part) => part.state === 'failed')
  if (failed !== undefined) return { status: 'failed', reason: failed.reason ?? fallbackReason }
  const shown = parts.map((part) => SHOWN[part.state]).filter((status) => status !== 'failed')
  if (parts.length < (parts[0]?.of ?? 1)) return { status: 'sent' }
  const [lowest = 'sent'] = shown.sort((a, b) => RANK[a] - RANK[b])
  return { status: lowest }
}

/**
 * Whether a report says anything new. States only go forward, except out of a failure that proved to be none. Chatwoot
 * would take them in any order (docs/platforms/chatwoot.md#message-status).
 */
export function isNews(report: Report, reported: ReportedStatus = 'sent'): boolean {
  if (report.status === 'failed') return reported === 'sent'
  if (reported === 'failed') return true
  return RANK[report.status] > RANK[reported]
}

/**
 * Before 4.12 Chatwoot shows `delivered` as a spinning clock (docs/platforms/chatwoot.md#message-status): it stays
 * `sent`.
 */
export async function showStatus(
  account: Account,
  conversation: ConversationId,
  message: MessageId,
  report: Report,
  before: ReportedStatus | undefined,
): Promise<void> {
  if (report.status !== 'delivered' || (await account.inbox.supports('deliveredStatus'))) {
    await tell(account, conversation, message, report)
  } else if (before === 'failed') {
    await tell(account, conversation, message, { status: 'sent' })
  }
}

/** A message or conversation deleted in the meantime has nothing to show a status on. */
async function tell(
  account: Account,
  conversation: ConversationId,
  message: MessageId,
  report: Report,
): Promise<void> {
  try {
    await account.chatwoot.messages.updateStatus(
      conversation,
      message,
      report.status === 'failed'
        ? { status: 'failed', externalError: report.reason }
        : { status: report.status },
    )
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** Has what is known of a message told again when its event shows, or may hide, that Chatwoot shows less. */
export async function correctShown(
  deps: {
    journal: Pick<Journal, 'ofMessage'>
    ownUpdates: Pick<OwnUpdates, 'take'>
    report: RequestReport
  },
  account: Account,
  event: OutEvent,
): Promise<void> {
  const isOwn = event.action !== 'updated' || deps.ownUpdates.take(account.id, event.id)
  const known = await deps.journal.ofMessage(account.id, event.id)
  const [first] = known
  const isLess = (await mayShowLess(account, event, known)) ?? !isOwn
  if (first !== undefined && isLess) await deps.report(account, first.chat, event, { again: true })
}

/**
 * Whether Chatwoot may show less of a message than is known; `undefined` when an event does not say, as most do not.
 * Chatwoot marks as failed whatever it could not tell the bridge of in time
 * (docs/platforms/chatwoot.md#failed-callbacks), and a Retry of what has arrived takes the ticks away. An event can be
 * old, so this is only a hint: whoever corrects it looks at the message.
 */
export async function mayShowLess(
  account: Pick<Account, 'inbox'>,
  { status, contentAttributes }: Pick<Message, 'status' | 'contentAttributes'>,
  known: readonly OutboundLink[],
): Promise<boolean | undefined> {
  const [first] = known
  // What has failed is not doubted, whatever is shown as its reason.
  if (first === undefined || known.some(({ state }) => state === 'failed')) return false
  const { external_error: error } = contentAttributes
  if (status === 'failed' || (typeof error === 'string' && error.trim() !== '')) return true
  if (!(await hasTicks(account, first))) return false
  return status === undefined ? undefined : status === 'sent'
}

/** There is more to be shown than that it was sent. */
async function hasTicks({ inbox }: Pick<Account, 'inbox'>, { reported }: OutboundLink) {
  if (reported === 'read') return true
  return reported === 'delivered' && inbox.supports('deliveredStatus')
}

/**
 * Which of Chatwoot's updates the bridge itself has caused: each status it tells comes back as one, and needs no look at
 * the message. A miscount costs one look too many, or leaves something to the next sweep.
 */
export type OwnUpdates = {
  expect(account: AccountId, message: MessageId): void
  /** True when the update is one of those, which then is over. */
  take(account: AccountId, message: MessageId): boolean
}

/** Webhooks come within seconds. */
const EXPECTED_FOR_MS = 60_000
const MOST = 10_000

export function createOwnUpdates({ clock }: { clock: Clock }): OwnUpdates {
  const expected = new Map<string, { count: number; until: number }>()

  function of(name: string): { count: number; until: number } | undefined {
    const found = expected.get(name)
    if (found === undefined || found.until > clock.now()) return found
    expected.delete(name)
    return undefined
  }

  return {
    expect(account, message) {
      const name = `${account}:${message}`
      const count = (of(name)?.count ?? 0) + 1
      expected.delete(name)
      expected.set(name, { count, until: clock.now() + EXPECTED_FOR_MS })
      const [oldest] = expected.keys()
      if (expected.size > MOST && oldest !== undefined) expected.delete(oldest)
    },
    take(account, message) {
      const name = `${account}:${message}`
      const found = of(name)
      if (found === undefined) return false
      found.count -= 1
      if (found.count === 0) expected.delete(name)
      return true
    },
  }
}

/** Which agent's message it is about. */
export type Reported = { id: MessageId; conversation: { id: ConversationId } }

export type RequestReport = ReturnType<typeof createReportRequests>

/**
 * Asks durably for a message's state to be told to Chatwoot, in the status lane of its chat, so that Chatwoot being
 * away neither loses the report nor holds up the lane the message came from.
 */
export function createReportRequests(deps: { dispatch: Dispatch; clock: Clock }) {
  return async (
    account: Account,
    chat: ChatId,
    message: Reported,
    { again }: Pick<ReportEvent, 'again'> = {},
  ): Promise<void> => {
    const event: ReportEvent = {
      type: 'report',
      conversationId: message.conversation.id,
      messageId: message.id,
      ...(again === undefined ? {} : { again }),
    }
    const lane = { direction: 'status', account: account.id, key: chat } as const
    await deps.dispatch.post([{ lane, order: 0, receivedAt: deps.clock.now(), event }])
  }
}
