import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { ChatId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { OutEvent } from '../events.ts'
import type { Journal } from '../outcome/journal.ts'
import { type OutboundMessage, sendOf, TAKEN_MS } from './outbound-message.ts'

export type OutboundFailureDeps = {
  journal: Journal
  clock: Clock
  /** Durably asks for the message's state to be told to Chatwoot. */
  report: (account: Account, chat: ChatId, event: OutEvent) => Promise<void>
  onResult: (account: Account, kind: string, result: 'failed' | 'unknown') => void
}

/** A part that is not sent, for good or for the moment. */
export type NotSent = { failed: string } | { waitUntil: number; slot?: number }

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
   * What follows a part that failed stays behind with it. Kept with the next part, because a sign of the failed one may
   * come after all: then the message is still shown as failed, and Retry sends the rest.
   */
  async function holdBack(message: OutboundMessage, after: number): Promise<void> {
    const { account, event, chat } = message
    const part = after + 1
    if (part >= message.of) return
    const known = await journal.ofMessage(account.id, event.id)
    if (known.some((candidate) => candidate.part === part)) return
    const link = await journal.begin(sendOf(message, part, ''), 'queued')
    if (link === undefined) return
    await journal.note(link, { kind: 'failed', reason: account.texts.failed.restNotSent })
    await report(account, chat, event)
  }

  return { fail, doubt, failedBefore, holdBack }
}

/** The part a message got stuck at: one without a result, else the first that was never begun. */
export function unfinishedPart(known: readonly OutboundLink[]): number {
  const isOpen = ({ state }: OutboundLink) => ['queued', 'sending', 'unknown'].includes(state)
  return known.find(isOpen)?.part ?? known.length
}
