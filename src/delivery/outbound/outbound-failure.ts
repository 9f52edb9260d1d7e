import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { Journal } from '../outcome/journal.ts'
import type { RequestReport } from '../outcome/report-requests.ts'
import { type OutboundMessage, sendOf, TAKEN_MS } from './outbound-message.ts'

export type OutboundFailureDeps = {
  journal: Journal
  clock: Clock
  /** Durably asks for the message's state to be told to Chatwoot. */
  report: RequestReport
  onResult: (account: Account, kind: string, result: 'failed' | 'unknown') => void
}

/** A part that is not sent, for good or for the moment. */
export type NotSent = { failed: string } | { waitUntil: number } | { parkUntil: number }

export type OutboundFailure = ReturnType<typeof createOutboundFailure>

/** The ends of a part that was not simply sent. */
export function createOutboundFailure({ journal, clock, report, onResult }: OutboundFailureDeps) {
  /** Keeps the failure with the part, so that it is shown, counted and can be tried again. */
  async function fail(message: OutboundMessage, part: number, reason: string): Promise<NotSent> {
    const { account, event, chat } = message
    const known = await journal.ofMessage(account.id, event.id)
    const link =
      known.find((candidate) => candidate.part === part) ??
      (await journal.begin(sendOf(message, part, ''), 'queued'))
    if (link === undefined) return { waitUntil: clock.now() + TAKEN_MS }
    await journal.note(link, { kind: 'failed', reason })
    await report(account, chat, event)
    onResult(account, event.contentType, 'failed')
    return { failed: reason }
  }

  /** Nothing tells whether it was sent. Should a sign come after all, it counts. */
  async function doubt(
    message: OutboundMessage,
    link: OutboundLink,
  ): Promise<'sent' | { failed: string }> {
    const { account, event, chat } = message
    const reason = account.texts.failed.mayHaveArrived
    const noted = await journal.note(link, { kind: 'doubted', reason })
    if (noted.state !== 'failed') return 'sent'
    await report(account, chat, event)
    onResult(account, event.contentType, 'unknown')
    return { failed: reason }
  }

  /** A part that has failed before. A crash may have come between the failure and its report, so it is told again. */
  async function failedBefore(
    { account, event, chat }: OutboundMessage,
    { reason = account.texts.failed.notDelivered }: OutboundLink,
  ): Promise<{ failed: string }> {
    await report(account, chat, event)
    return { failed: reason }
  }

  /**
   * What follows a part that failed stays behind with it, all of it. Kept with those parts, because a sign of the failed
   * one may come after all: then the message is still shown as failed, and Retry sends the rest. From the last one on, so
   * that a crash in between leaves no gap that a later turn would fill out of order.
   */
  async function holdBack(message: OutboundMessage, after: number): Promise<void> {
    const { account, event, chat } = message
    const known = await journal.ofMessage(account.id, event.id)
    let isNews = false
    for (let part = message.of - 1; part > after; part -= 1) {
      const link =
        known.find((candidate) => candidate.part === part) ??
        (await journal.begin(sendOf(message, part, ''), 'queued'))
      if (link?.state !== 'queued') continue
      await journal.note(link, { kind: 'failed', reason: account.texts.failed.restNotSent })
      isNews = true
    }
    if (isNews) await report(account, chat, event)
  }

  return { fail, doubt, failedBefore, holdBack }
}

/** The part a message got stuck at: the first that was never begun, or has no result. */
export function unfinishedPart(known: readonly OutboundLink[]): number {
  const isOpen = ({ state }: OutboundLink) => ['queued', 'sending', 'unknown'].includes(state)
  const hasResult = (part: number) => known.some((link) => link.part === part && !isOpen(link))
  let part = 0
  while (hasResult(part)) part += 1
  return part
}
