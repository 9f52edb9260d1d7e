import type { Account } from '../../account.ts'
import { BridgeError, isRetryable, OutcomeUnknownError, RateLimitedError } from '../../errors.ts'
import { failureReason } from '../../message/outbound/failure-reason.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { OutgoingMessage } from '../../wasender/outgoing-message.ts'
import type { InfoPolls } from '../outcome/info-polls.ts'
import type { Journal, NewSend } from '../outcome/journal.ts'
import type { Pace } from './pace.ts'

/** What one attempt to send one WhatsApp message came to. */
export type SendOutcome =
  | { state: 'accepted' }
  /** The answer was lost. */
  | { state: 'unknown'; link: OutboundLink }
  | { state: 'failed'; reason: string }
  /** Somebody else sends it, or has just deleted it: nothing was done here. */
  | { state: 'taken' }

/** A wait that only account protection asks for (wasender-api.md, section 5). */
const PROTECTED_FROM_MS = 5_000
const CUSHION_MS = 200

/**
 * Sends one WhatsApp message: journal entry first, then the request, then its result. Throws a transient error only
 * when nothing was sent, after taking the entry back to what it was (`before`).
 */
export function createSendPart(deps: {
  journal: Journal
  pace: Pick<Pace, 'left' | 'hold' | 'learn'>
  infoPolls: InfoPolls
}) {
  const { journal, pace, infoPolls } = deps

  async function afterError(
    account: Account,
    link: OutboundLink,
    before: OutboundLink | undefined,
    error: unknown,
  ): Promise<SendOutcome> {
    if (error instanceof OutcomeUnknownError) {
      return { state: 'unknown', link: await journal.note(link, { kind: 'unknown' }) }
    }
    if (error instanceof BridgeError && !isRetryable(error)) {
      return { state: 'failed', reason: failureReason(error, account.texts) }
    }
    await journal.withdraw(link, before)
    if (error instanceof RateLimitedError) await slowDown(account, error)
    throw error
  }

  /** A 429 holds back the whole session, and a wait of 5 s or more tells that the session is protected. */
  async function slowDown(account: Account, { waitMs }: RateLimitedError): Promise<void> {
    await pace.hold(account.id, waitMs + CUSHION_MS)
    if (waitMs >= PROTECTED_FROM_MS) await pace.learn(account.id, true)
  }

  return async (
    account: Account,
    send: NewSend,
    message: OutgoingMessage,
    before?: OutboundLink,
  ): Promise<SendOutcome> => {
    const link = await journal.begin(send)
    if (link === undefined) return { state: 'taken' }
    let sent: Awaited<ReturnType<typeof account.wasender.messages.send>>
    try {
      await pace.left(account.id)
      sent = await account.wasender.messages.send(message)
    } catch (error) {
      return afterError(account, link, before, error)
    }
    const accepted = await journal.note(link, { kind: 'accepted', msgId: sent.msgId })
    await infoPolls.schedule({ ...accepted, msgId: sent.msgId })
    return { state: 'accepted' }
  }
}
