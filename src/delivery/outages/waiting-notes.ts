import type { Account } from '../../account.ts'
import type { WaitingEvent } from '../events.ts'
import type { Handled } from '../lanes/turn.ts'
import { isWritten, postNote } from '../outbound/agent-note.ts'
import type { SessionGate } from './session-gate.ts'

/**
 * Tells agents, once per conversation and outage, that a message waits for the session, and that it is back. An outage
 * that is over by the time the note is due is not worth a note.
 */
export async function tellWaiting(
  account: Account,
  event: WaitingEvent,
  gate: Pick<SessionGate, 'downSince'>,
): Promise<Handled> {
  const { since, conversationId: conversation, messageId: about } = event
  const note = (is: WaitingEvent['is']) => ({
    conversation,
    about,
    sourceId: `session-${is}:${since}`,
    text: account.texts.waiting[is],
  })
  const isDue =
    event.is === 'down'
      ? (await gate.downSince(account.id)) === since
      : await isWritten(account, note('down'))
  if (isDue) await postNote(account, note(event.is))
  return 'done'
}
