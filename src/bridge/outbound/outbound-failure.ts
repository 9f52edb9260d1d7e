import type { Account } from '../../accounts/account.ts'
import { protectLiquid } from '../../content/message/format/protect-liquid.ts'
import type { Clock } from '../../kernel/clock.ts'
import { OutcomeUnknownError, TransientError } from '../../kernel/errors.ts'
import type { ConversationId, MessageId } from '../../kernel/ids.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { Journal } from '../sends/journal.ts'
import type { RequestReport } from '../sends/report-message.ts'
import { type OutboundMessage, sendOf, taken } from './outbound-message.ts'

type OutboundFailureDeps = {
  journal: Journal
  clock: Clock
  /** Durably asks for the message's state to be told to Chatwoot. */
  report: RequestReport
  onResult: (account: Account, kind: string, result: 'failed' | 'unknown') => void
}

export type OutboundFailure = ReturnType<typeof createOutboundFailure>

/** The ends of a part that was not simply sent. Each answers with the reason that agents are told. */
export function createOutboundFailure({ journal, clock, report, onResult }: OutboundFailureDeps) {
  /** Keeps the failure with the part, so that it is shown, counted and can be tried again. */
  async function fail(message: OutboundMessage, part: number, reason: string): Promise<string> {
    const { account, event, chat } = message
    const known = await journal.ofMessage(account.id, event.id)
    const link =
      known.find((candidate) => candidate.part === part) ??
      (await journal.begin(sendOf(message, part, ''), 'queued'))
    if (link === undefined) throw taken(clock.now())
    await journal.note(link, { kind: 'failed', reason })
    await report(account, chat, event)
    onResult(account, event.contentType, 'failed')
    return reason
  }

  /** Nothing tells whether it was sent. Should a sign come after all, it counts: `undefined` when one has come. */
  async function doubt(message: OutboundMessage, link: OutboundLink): Promise<string | undefined> {
    const { account, event, chat } = message
    const reason = account.texts.failed.mayHaveArrived
    const noted = await journal.note(link, { kind: 'doubted', reason })
    if (noted.state !== 'failed') return undefined
    await report(account, chat, event)
    onResult(account, event.contentType, 'unknown')
    return reason
  }

  /** A part that has failed before. A crash may have come between the failure and its report, so it is told again. */
  async function failedBefore(
    { account, event, chat }: OutboundMessage,
    { reason = account.texts.failed.notDelivered }: OutboundLink,
  ): Promise<string> {
    await report(account, chat, event)
    return reason
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

/** A private note by which the bridge tells agents something about one of their messages. */
type AgentNote = {
  conversation: ConversationId
  /** The message it is about; the note quotes it. */
  about: MessageId
  /** Tells the note from all others, so that it is written once and never taken for an agent's. */
  sourceId: string
  /** Markdown. */
  text: string
}

/** The source id of the note that answers a command. A retried one is answered anew, so each `run` has its own. */
export function answerId(command: MessageId, run = ''): string {
  return `command:${command}${run}`
}

/** Writes a note unless it is there already. */
export async function postNote(account: Account, note: AgentNote): Promise<void> {
  const { conversation, about, sourceId, text } = note
  if (await isWritten(account, note)) return
  try {
    await account.chatwoot.messages.create(conversation, {
      // Chatwoot runs outgoing text, notes included, through its template language.
      content: protectLiquid(text),
      messageType: 'outgoing',
      private: true,
      sourceId,
      contentAttributes: { in_reply_to: about },
    })
  } catch (error) {
    throw error instanceof OutcomeUnknownError ? worthAnotherLook(error) : error
  }
}

/**
 * Whether the note was written by an earlier attempt; it can only come after what it is about. In a conversation that
 * is gone nobody is left to tell.
 */
export async function isWritten(
  account: Account,
  { conversation, about, sourceId }: Pick<AgentNote, 'conversation' | 'about' | 'sourceId'>,
): Promise<boolean> {
  try {
    const later = await account.chatwoot.messages.list(conversation, { after: about })
    return later.some((message) => message.sourceId === sourceId)
  } catch (error) {
    if (isNotFound(error)) return true
    throw error
  }
}

function worthAnotherLook(lost: OutcomeUnknownError): TransientError {
  return new TransientError(lost.message, { code: lost.code, context: lost.context, cause: lost })
}
