import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import { OutcomeUnknownError, TransientError } from '../../errors.ts'
import type { ConversationId, MessageId } from '../../ids.ts'
import { protectLiquid } from '../../message/format/protect-liquid.ts'

/** A private note by which the bridge tells agents something about one of their messages. */
export type AgentNote = {
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
