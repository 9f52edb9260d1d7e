import type { Account } from '../../account.ts'
import { BridgeError, isRetryable, OutcomeUnknownError, RateLimitedError } from '../../errors.ts'
import { failureReason } from '../../message/outbound/failure-reason.ts'
import type { OutboundLink, Refusal } from '../../store/types.ts'
import type { OutgoingMessage } from '../../wasender/outgoing-message.ts'
import type { LimitCode, Limits } from '../outages/limits.ts'
import type { InfoPolls } from '../outcome/info-polls.ts'
import type { Journal, NewSend } from '../outcome/journal.ts'
import type { Pace } from './pace.ts'

/** What one attempt to send one WhatsApp message came to. */
export type SendOutcome =
  | { state: 'accepted' }
  /** The answer was lost. */
  | { state: 'unknown'; link: OutboundLink }
  | { state: 'failed'; reason: string }
  /** Certainly not sent, because of where it was sent to. */
  | { state: 'refused'; link: OutboundLink; refusal: Refusal; reason: string }
  /** Somebody else sends it, or has just deleted it: nothing was done here. */
  | { state: 'taken' }

/** Refusals that another address of the person may not meet, by error code. */
const WHY: Readonly<Record<string, Refusal['why']>> = {
  'wasender.not_on_whatsapp': 'nobody',
  'wasender.new_chats_limited': 'limit',
}
/** Limits of WhatsApp on the account, by error code. */
const LIMITS: Readonly<Record<string, LimitCode>> = {
  'wasender.new_chats_limited': '463',
  'wasender.monthly_limit': '475',
}

/** A wait that only account protection asks for (docs/platforms/wasender.md#rate-limits). */
const PROTECTED_FROM_MS = 5_000
const CUSHION_MS = 200

export type SendPartDeps = {
  journal: Journal
  pace: Pick<Pace, 'left' | 'hold' | 'learn'>
  infoPolls: Pick<InfoPolls, 'schedule'>
  limits: Pick<Limits, 'refused'>
}

/**
 * Sends one WhatsApp message: journal entry first, then the request, then its result. Throws a transient error only
 * when nothing was sent, after taking the entry back to what it was (`before`).
 */
export async function sendPart(
  account: Account,
  {
    send,
    message,
    before,
  }: { send: NewSend; message: OutgoingMessage; before?: OutboundLink | undefined },
  deps: SendPartDeps,
): Promise<SendOutcome> {
  const { journal, pace, infoPolls } = deps
  const link = await journal.begin(send)
  if (link === undefined) return { state: 'taken' }
  let sent: Awaited<ReturnType<typeof account.wasender.messages.send>>
  try {
    await pace.left(account.id)
    sent = await account.wasender.messages.send(message)
  } catch (error) {
    return afterError(account, link, { before, error }, deps)
  }
  const accepted = await journal.note(link, { kind: 'accepted', msgId: sent.msgId })
  await infoPolls.schedule({ ...accepted, msgId: sent.msgId })
  return { state: 'accepted' }
}

async function afterError(
  account: Account,
  link: OutboundLink,
  { before, error }: { before: OutboundLink | undefined; error: unknown },
  { journal, pace, limits }: SendPartDeps,
): Promise<SendOutcome> {
  if (error instanceof OutcomeUnknownError) {
    return { state: 'unknown', link: await journal.note(link, { kind: 'unknown' }) }
  }
  if (error instanceof BridgeError && !isRetryable(error)) {
    return refused(account, link, error, limits)
  }
  await journal.withdraw(link, before)
  if (error instanceof RateLimitedError) await slowDown(account, error, pace)
  throw error
}

async function refused(
  account: Account,
  link: OutboundLink,
  error: BridgeError,
  limits: SendPartDeps['limits'],
): Promise<SendOutcome> {
  const limit = LIMITS[error.code]
  if (limit !== undefined) await limits.refused(account.id, limit, link.chat)
  const reason = failureReason(error, account.texts)
  const why = WHY[error.code]
  if (why === undefined || link.to === undefined) return { state: 'failed', reason }
  return { state: 'refused', link, refusal: { to: link.to, why }, reason }
}

/** A 429 holds back the whole session, and a wait of 5 s or more tells that the session is protected. */
async function slowDown(
  account: Account,
  { waitMs }: RateLimitedError,
  pace: SendPartDeps['pace'],
): Promise<void> {
  await pace.hold(account.id, waitMs + CUSHION_MS)
  if (waitMs >= PROTECTED_FROM_MS) await pace.learn(account.id, true)
}
