import type { Account } from '../../accounts/account.ts'
import { isLimitCode, type Limits } from '../../accounts/limits.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { OwnIdentity } from '../../people/own.ts'
import type { People } from '../../people/people.ts'
import type { Ack } from '../../platforms/wasender/events/fields.ts'
import type {
  ReceiptEvent,
  SendFailedEvent,
  StatusEvent,
} from '../../platforms/wasender/events/index.ts'
import type { Entry } from '../../queue/entry.ts'
import type { OutboundLink, Refusal } from '../../state/store/types.ts'
import type { StatusLaneEvent } from '../events.ts'
import { type SessionGate, tellWaiting } from '../holds/session-pauses.ts'
import { tellNotShown } from '../inbound/not-shown.ts'
import type { TellOperator } from '../operator-news.ts'
import type { ReadReceipts } from '../outbound/read-receipts.ts'
import { createFindFailed, type FailureGuesses, type UnnamedFailures } from './failed-send.ts'
import type { Journal } from './journal.ts'
import { type Receipt, type Receipts, reasonFor } from './receipts.ts'
import type { SendElsewhere } from './send-elsewhere.ts'

/** What each of WhatsApp's states is to an agent; pending and sent are what Chatwoot shows anyway. */
const RECEIPTS: Readonly<Partial<Record<Ack, Receipt>>> = {
  0: 'failed',
  3: 'delivered',
  4: 'read',
  5: 'read',
}

export type StatusDeps = {
  receipts: Receipts
  readReceipts: ReadReceipts
  journal: Journal
  failureGuesses: FailureGuesses
  unnamedFailures: UnnamedFailures
  people: People
  clock: Clock
  own: OwnIdentity
  conversations: Conversations
  sessionGate: SessionGate
  operator: Pick<TellOperator, 'handle'>
  limits: Pick<Limits, 'refused'>
  sendElsewhere: SendElsewhere
}

/** What another address of the person may not meet. */
function whyRefused({ reason, errorCode }: SendFailedEvent): Refusal['why'] | undefined {
  if (reason === 'invalid-number') return 'nobody'
  return errorCode === '463' ? 'limit' : undefined
}

function failedBecause({ texts }: Account, event: SendFailedEvent): string {
  const { notOnWhatsapp, notDelivered, saying } = texts.failed
  if (event.reason === 'invalid-number') return notOnWhatsapp
  if (event.errorCode !== undefined) return reasonFor(texts, event.errorCode)
  return event.words === undefined ? notDelivered : saying(notDelivered, event.words)
}

/** Handles what waits in a status lane. */
export function createHandleStatus(deps: StatusDeps) {
  const { receipts, journal, own } = deps
  const findFailed = createFindFailed(deps)

  async function received(account: Account, event: StatusEvent | ReceiptEvent): Promise<void> {
    const receipt = RECEIPTS[event.status]
    // Receipts for the customer's own messages say that they were read on the phone, not that ours were.
    if (!event.key.fromMe || receipt === undefined) return
    // In a group our own devices give receipts too. Of the members' the first counts, as there is no sum of them.
    const member = event.type === 'receipt' ? event.member : undefined
    if (member !== undefined && (await own.isUs(account, member.address))) return
    const errorCode = event.type === 'status' ? event.errorCode : undefined
    const news = errorCode === undefined ? { receipt } : { receipt, errorCode }
    await receipts.received(account, event.key.id, news)
  }

  async function sendFailed(account: Account, entry: Entry, event: SendFailedEvent): Promise<void> {
    const { link, isCertain } = await findFailed(account, entry, event)
    const { errorCode } = event
    if (isLimitCode(errorCode)) await deps.limits.refused(account.id, errorCode, link?.chat)
    if (link !== undefined) await noteFailed(account, event, link, isCertain)
  }

  async function noteFailed(
    account: Account,
    event: SendFailedEvent,
    link: OutboundLink,
    isCertain: boolean,
  ): Promise<void> {
    const reason = failedBecause(account, event)
    const why = isCertain ? whyRefused(event) : undefined
    const isElsewhere =
      why !== undefined && (await deps.sendElsewhere(account, link, { why, reason }))
    if (isElsewhere) return
    await journal.note(link, { kind: isCertain ? 'failed' : 'presumed', reason })
    await receipts.report(account, link.conversationId, link.messageId)
  }

  return async (account: Account, entry: Entry, event: StatusLaneEvent): Promise<void> => {
    switch (event.type) {
      case 'status':
      case 'receipt':
        return received(account, event)
      case 'mark-read':
        return deps.readReceipts.handle(account, entry, event)
      case 'waiting':
        return tellWaiting(account, event, deps.sessionGate)
      case 'not-shown':
        return tellNotShown(account, event, deps)
      case 'operator':
        return deps.operator.handle(account, event)
      case 'send-failed':
        return sendFailed(account, entry, event)
      case 'report':
        return receipts.report(account, event.conversationId, event.messageId, event)
    }
  }
}
