import type { Account } from '../../accounts/account.ts'
import { type Clock, hasCome } from '../../kernel/clock.ts'
import { isRetryable } from '../../kernel/errors.ts'
import type { Throttle } from '../../queue/queue.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { OutboundFailure } from '../outbound/outbound-failure.ts'
import type { OutboundMessage } from '../outbound/outbound-message.ts'
import type { InfoPolls } from './ask-info.ts'
import type { Journal } from './journal.ts'
import type { MessageLog } from './message-log.ts'

export type ResolveUnknownDeps = {
  journal: Journal
  infoPolls: Pick<InfoPolls, 'schedule'>
  messageLog: MessageLog
  throttle: Throttle
  clock: Clock
  failure: Pick<OutboundFailure, 'fail' | 'doubt'>
}

/** How long a send with a lost answer is waited for before the agent is told that it may have arrived. */
const SETTLE_MS = 120_000
const ASK_AGAIN_MS = 2_000
/** An echo usually comes within seconds and costs nothing, so the log is asked only after it. */
const ASK_LOG_AFTER_MS = 4_000
const ASK_LOG_EVERY_MS = 20_000

type Unsettled = OutboundMessage & { to: string }

/**
 * Waits for a sign of a send whose answer was lost, whether in this process or one that was killed: its echo, or its row
 * in the gateway's message log. Without any the agent has to look. Resolves with the reason when it counts as failed.
 *
 * It is never sent again by itself, not even when the log has no such row: how soon rows appear, how long they stay and
 * whether all of them are shown is not documented, and a customer who gets a message twice cannot be helped, while an
 * agent who is told can press Retry.
 */
export async function resolveUnknown(
  message: Unsettled,
  link: OutboundLink,
  deps: ResolveUnknownDeps,
): Promise<string | undefined> {
  const unknown = await deps.journal.note(link, { kind: 'unknown' })
  // The echo may have come since the entry was read.
  if (unknown.state !== 'unknown') return undefined
  const isLast = hasCome(unknown.at + SETTLE_MS, deps.clock.now(), SETTLE_MS)
  const row = await rowOf(message, unknown, isLast, deps)
  if (row !== undefined) return asLogged(message, unknown, row, deps)
  if (isLast) return deps.failure.doubt(message, unknown)
  const until = deps.clock.now() + ASK_AGAIN_MS
  throw new WaitUntil('Nothing tells yet whether it was sent.', { until })
}

async function isLogDue(
  { account, messageId, part, at }: OutboundLink,
  isLast: boolean,
  deps: ResolveUnknownDeps,
) {
  if (isLast) return true
  if (!hasCome(at + ASK_LOG_AFTER_MS, deps.clock.now(), ASK_LOG_AFTER_MS)) return false
  return deps.throttle.allow(`log:${account}:${messageId}:${part}`, ASK_LOG_EVERY_MS)
}

/** The log is only one of the ways to know: that it cannot be asked now is no failure. */
async function logged(account: Account, link: OutboundLink, to: string, messageLog: MessageLog) {
  try {
    return await messageLog.find(account, link, to)
  } catch (error) {
    if (isRetryable(error)) return undefined
    throw error
  }
}

async function rowOf(
  message: Unsettled,
  link: OutboundLink,
  isLast: boolean,
  deps: ResolveUnknownDeps,
) {
  const { account } = message
  const { to = message.to } = link
  if (account.managedSession === undefined || !(await isLogDue(link, isLast, deps)))
    return undefined
  return logged(account, link, to, deps.messageLog)
}

async function asLogged(
  message: Unsettled,
  link: OutboundLink,
  row: NonNullable<Awaited<ReturnType<typeof logged>>>,
  { journal, failure, infoPolls }: ResolveUnknownDeps,
): Promise<string | undefined> {
  const accepted = await journal.note(link, { kind: 'accepted', msgId: row.msgId })
  if (row.status === 'failed') {
    return failure.fail(message, link.part, message.account.texts.failed.notDelivered)
  }
  await infoPolls.schedule(accepted)
  return undefined
}
